import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A reply, or: cut the connection, or never answer. */
type Reply = string | 'cut' | 'silent';

/** The reply to each command; `DOT` is the one to the end of the message. RCPT may answer by address. */
export interface SmtpScript {
  readonly greeting: Reply;
  readonly EHLO: Reply;
  readonly AUTH: Reply;
  readonly MAIL: Reply;
  readonly RCPT: Reply | Readonly<Record<string, Reply>>;
  readonly DATA: Reply;
  readonly DOT: Reply;
  readonly STARTTLS: Reply;
  readonly RSET: Reply;
  /** Cuts the connection as soon as the beginning of a message has come. */
  readonly cutWithinMessage?: boolean;
}

export const WILLING: SmtpScript = {
  greeting: '220 mail.test ESMTP',
  EHLO: '250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  DOT: '250 2.0.0 queued as ABC123',
  STARTTLS: '502 5.5.1 not known',
  RSET: '250 2.0.0 ok',
};

export interface ScriptedSmtp {
  readonly port: number;
  /** Every command as it came, without the message. */
  readonly commands: string[];
  /** Messages that were read to their end, as bytes in Latin-1 with dots unstuffed; accepted or not. */
  readonly messages: string[];
  script: SmtpScript;
  /** Resolves when the next command of that name has come. */
  next(command: string): Promise<void>;
  close(): Promise<void>;
}

/** An SMTP server on loopback that answers as a test says; without TLS. */
export async function startScriptedSmtp(): Promise<ScriptedSmtp> {
  const sockets = new Set<Socket>();
  let waiting: { readonly name: string; readonly wake: () => void }[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('latin1').on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    converse(socket, smtp, (name) => {
      for (const one of waiting.filter((each) => each.name === name)) one.wake();
      waiting = waiting.filter((each) => each.name !== name);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtp: ScriptedSmtp = {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    commands: [],
    messages: [],
    script: WILLING,
    next: (name) => new Promise((wake) => (waiting = [...waiting, { name, wake }])),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return smtp;
}

function converse(socket: Socket, smtp: ScriptedSmtp, told: (name: string) => void): void {
  const reply = (text: Reply): void => {
    if (text === 'cut') socket.destroy();
    else if (text !== 'silent') socket.write(`${text}\r\n`);
  };
  let buffer = '';
  let message = false;
  reply(smtp.script.greeting);
  told('greeting');
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    for (;;) {
      const end = buffer.indexOf(message ? '\r\n.\r\n' : '\r\n');
      if (message && smtp.script.cutWithinMessage === true) return void socket.destroy();
      if (end < 0) return;
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + (message ? 5 : 2));
      if (message) {
        message = false;
        smtp.messages.push(`${text}\r\n`.replaceAll('\r\n..', '\r\n.'));
        told('DOT');
        reply(smtp.script.DOT);
        continue;
      }
      smtp.commands.push(text);
      const answer = answerTo(text, smtp.script);
      message = text === 'DATA' && answer.startsWith('354');
      told(text.split(' ')[0] ?? '');
      reply(answer);
    }
  });
}

function answerTo(line: string, script: SmtpScript): Reply {
  const [name = ''] = line.split(' ');
  switch (name) {
    case 'EHLO':
    case 'AUTH':
    case 'MAIL':
    case 'DATA':
    case 'STARTTLS':
    case 'RSET':
      return script[name];
    case 'RCPT': {
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      return typeof script.RCPT === 'string' ? script.RCPT : (script.RCPT[address] ?? '250 2.1.5 ok');
    }
    default:
      return '221 bye';
  }
}

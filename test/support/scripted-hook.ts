import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the hook does with a request: answers, reads it and cuts the connection, or reads it and never answers. */
export type HookScript = Answer | 'cut' | 'silent';

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export interface ScriptedHook {
  /** An address that looks like Slack's, with a secret as its last part. */
  readonly url: string;
  readonly requests: { readonly body: string; readonly headers: IncomingHttpHeaders; readonly url: string }[];
  script: HookScript;
  /** Resolves when the next request has been read. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

export const HOOK_SECRET = 'hunter2hunter2hunter2abc';

/** What an accepting hook says to a message without text. */
const NO_TEXT: Answer = { status: 400, body: 'no_text' };

function answer(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, headers).end(body);
}

/** A hook on loopback that does what a test says. */
export async function startScriptedHook(): Promise<ScriptedHook> {
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      hook.requests.push({ body, headers: request.headers, url: request.url ?? '' });
      for (const wake of waiting.splice(0)) wake();
      const { script } = hook;
      if (script === 'cut') request.socket.destroy();
      else if (script !== 'silent') answer(response, body === '{}' && script.status === 200 ? NO_TEXT : script);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const hook: ScriptedHook = {
    url: `http://127.0.0.1:${port}/services/T0/B0/${HOOK_SECRET}`,
    requests: [],
    script: { status: 200, body: 'ok' },
    nextRequest: () => new Promise((resolve) => (waiting = [...waiting, resolve])),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hook;
}

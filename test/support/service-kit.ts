import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Journal } from '../../src/sandbox/journal.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../../src/sandbox/mail-server.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import {
  type HookRequest,
  type SlackHook,
  type SlackHookOptions,
  startSlackHook,
} from '../../src/sandbox/slack-hook.ts';

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** The built service as a process. */
export interface Service {
  readonly log: Journal<LogLine>;
  readonly stderr: () => string;
  /** Resolves when so many polls that began after this call have ended. */
  polls(count: number, result?: 'complete' | 'incomplete'): Promise<void>;
  stop(
    signal?: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly tookMs: number }>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface ServiceKit {
  readonly sandbox: Sandbox;
  readonly hook: SlackHook;
  readonly mail: MailServer;
  readonly directory: string;
  readonly config: string;
  start(env?: NodeJS.ProcessEnv): Service;
  /** Writes the configuration anew, for the next start. */
  configure(changes: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

const BIN = new URL('../../dist/bin.js', import.meta.url).pathname;

/** A configuration for the loopback counterparts: a poll each second, everything to Slack and mail, no digest. */
function configuration(sandbox: Sandbox, hook: SlackHook, mail: MailServer, directory: string) {
  return {
    accounts: [
      { name: 'prod', endpoint: sandbox.url, secretId: SANDBOX_KEY.secretId, secretKey: SANDBOX_KEY.secretKey },
    ],
    poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai' },
    store: `sqlite:${join(directory, 'state', 'repairwatch.db')}`,
    channels: {
      slack: { type: 'slack', url: hook.url, language: 'en' },
      mail: {
        type: 'email',
        smtp: mail.url,
        from: 'repairwatch@example.com',
        to: ['ops@example.com'],
        language: 'zh-CN',
      },
    },
    routes: [{ match: {}, channels: ['slack'] }],
    operator: { channels: ['mail'] },
  };
}

export async function startKit(
  options: { sandbox?: SandboxOptions; hook?: SlackHookOptions } = {},
): Promise<ServiceKit> {
  const [sandbox, hook, mail] = await Promise.all([
    startSandbox(options.sandbox),
    startSlackHook(options.hook),
    startMailServer(),
  ]);
  const directory = mkdtempSync(join(tmpdir(), 'repairwatch-'));
  const config = join(directory, 'repairwatch.yaml');
  const services: Service[] = [];
  let settings: Record<string, unknown> = configuration(sandbox, hook, mail, directory);
  const configure: ServiceKit['configure'] = (changes) => {
    settings = { ...settings, ...changes };
    writeFileSync(config, JSON.stringify(settings)); // JSON is YAML
  };
  configure({});
  return {
    sandbox,
    hook,
    mail,
    directory,
    config,
    configure,
    start(env = {}) {
      const service = startService(['run', '--config', config], directory, env);
      services.push(service);
      return service;
    },
    async close() {
      await Promise.all(services.map((service) => service.stop('SIGKILL')));
      await Promise.all([sandbox.close(), hook.close(), mail.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function startService(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Service {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  const log = new Journal<LogLine>();
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => log.add(JSON.parse(line) as LogLine)); // every line is one of ours
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    log,
    exited,
    stderr: () => errors,
    async polls(count, result = 'complete') {
      const before = log.entries.length;
      // The first that ends after now may have begun before it.
      const ended = log.entries.slice(0, before).filter((line) => isPoll(line, result)).length;
      await log.untilCount(ended + count + (before > 0 ? 1 : 0), (line) => isPoll(line, result));
    },
    stop: (signal = 'SIGTERM') => stop(child, exited, signal),
  };
}

function isPoll(line: LogLine, result: string): boolean {
  return line.event === 'poll-finished' && line['result'] === result;
}

async function stop(child: ChildProcess, exited: Service['exited'], signal: NodeJS.Signals) {
  const since = performance.now();
  child.kill(signal);
  const end = await exited;
  return { ...end, tookMs: performance.now() - since };
}

/** Everything a Slack message says, blocks and fallback, as one text. */
export function textOf(request: HookRequest): string {
  return request.body;
}

/** The key of a Slack message, as a person would read it there. */
export function keyOf(request: HookRequest): string {
  return /rw-[0-9a-z]{10}/.exec(request.body)?.[0] ?? '';
}

export function mailKeyOf(mail: ReceivedMail): string {
  return /rw-[0-9a-z]{10}/.exec(mail.email.messageId ?? '')?.[0] ?? '';
}

import type { MailServer } from '../../src/sandbox/mail-server.ts';
import { startMailServer } from '../../src/sandbox/mail-server.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type HookRequest, type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ConfigChanges, writeConfigFile } from './config-file.ts';
import { type ProgramEnd, type RunningProgram, startProgram } from './program.ts';

/** The built service as a process. */
export interface Service extends RunningProgram {
  /** Resolves when so many polls that began after this call have ended; rejects when the service ends before. */
  polls(count: number, result?: 'complete' | 'incomplete'): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<ProgramEnd & { readonly tookMs: number }>;
}

/** The counterparts of one service on loopback, and the service, which may be started many times. */
export interface ServiceKit {
  readonly sandbox: Sandbox;
  readonly hook: SlackHook;
  readonly mail: MailServer;
  /** Where the configuration and the store's folder are. */
  readonly directory: string;
  start(env?: Readonly<Record<string, string>>): Service;
  /** Writes the configuration anew, for the next start. */
  configure(changes: ConfigChanges): void;
  close(): Promise<void>;
}

/** A poll each second, everything to Slack, the operator's notices to mail, no digest. */
const TO_SLACK = { routes: [{ match: {}, channels: ['slack'] }], digests: [], operator: { channels: ['mail'] } };

export async function startKit(options: { sandbox?: SandboxOptions } = {}): Promise<ServiceKit> {
  const [sandbox, hook, mail] = await Promise.all([startSandbox(options.sandbox), startSlackHook(), startMailServer()]);
  const file = writeConfigFile({ sandbox, hook, mail }, TO_SLACK);
  const services: Service[] = [];
  return {
    sandbox,
    hook,
    mail,
    directory: file.directory,
    configure: file.change,
    start(env = {}) {
      const service = serviceOf(startProgram(['run', '--config', file.path], { env, cwd: file.directory }));
      services.push(service);
      return service;
    },
    async close() {
      await Promise.all(services.map((service) => service.stop('SIGKILL')));
      await Promise.all([sandbox.close(), hook.close(), mail.close()]);
      file.remove();
    },
  };
}

function serviceOf(program: RunningProgram): Service {
  return {
    ...program,
    async polls(count, result = 'complete') {
      // The first that ends after now may have begun before it.
      const ended = program.log.filter((line) => line.event === 'poll-finished' && line['result'] === result).length;
      const wanted = ended + count + (program.log.length > 0 ? 1 : 0);
      await program.waitForLog('poll-finished', (line) => line['result'] === result, wanted);
    },
    async stop(signal = 'SIGTERM') {
      const since = performance.now();
      program.kill(signal);
      const end = await program.exited;
      return { ...end, tookMs: performance.now() - since };
    },
  };
}

/** Everything a Slack message says, blocks and fallback, as one text. */
export function textOf(request: HookRequest): string {
  return request.body;
}

/** The key of a Slack message, as a person would read it there. */
export function keyOf(request: HookRequest): string {
  return /rw-[0-9a-z]{10}/.exec(request.body)?.[0] ?? '';
}

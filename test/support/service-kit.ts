import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { HookRequest } from '../../src/sandbox/slack-hook.ts';
import { type CliStage, openCliStage } from './cli-stage.ts';
import type { ConfigChanges } from './config-file.ts';
import type { ProgramEnd, RunningProgram } from './program.ts';

/** The built service as a process. */
export interface Service extends RunningProgram {
  /** Resolves when so many polls that began after this call have ended; rejects when the service ends before. */
  polls(count: number, result?: 'complete' | 'incomplete'): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<ProgramEnd & { readonly tookMs: number }>;
}

/** The counterparts of one service on loopback, and the service, which may be started many times. */
export interface ServiceKit extends Omit<CliStage, 'start'> {
  start(env?: Readonly<Record<string, string>>): Service;
  /** Writes the configuration anew, for the next start. */
  configure(changes: ConfigChanges): void;
}

/** A poll each second, everything to Slack, the operator's notices to mail, no digest. */
export const TO_SLACK = { routes: [{ channels: ['slack'] }], digests: [], operator: { channels: ['mail'] } };

export async function startKit(options: { sandbox?: SandboxOptions } = {}): Promise<ServiceKit> {
  const stage = await openCliStage(TO_SLACK, options.sandbox);
  return {
    ...stage,
    configure: stage.file.change,
    start: (env) => serviceOf(stage.start(['run'], env)),
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

/** How often the mails so far say so. */
export function timesMailed({ mail }: Pick<CliStage, 'mail'>, words: string): number {
  return mail.messages.entries.reduce((sum, { email }) => sum + (email.text ?? '').split(words).length - 1, 0);
}

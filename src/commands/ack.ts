import { taskJson } from '../json/task-json.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import { isoTime } from '../lib/iso-time.ts';
import { NAME_MAX } from '../model/silence-terms.ts';
import type { AckOutcome, StoredTask } from '../store/store.ts';
import type { ExitCode } from './exit-code.ts';
import { findTask } from './find-task.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { readShortText } from './short-text.ts';
import { speakerFor } from './speaker-for.ts';
import { stateLine } from './state-line.ts';
import { readUntil } from './until-option.ts';
import { withStore } from './with-store.ts';

export interface AckOptions extends CommonOptions {
  readonly by: string;
  readonly until?: string;
  readonly revision?: number;
  readonly account?: string;
  readonly withdraw?: boolean;
  readonly json?: boolean;
}

/** `ack`: a person takes a pending task on as it is now, or as they saw it; refused with the new state where it has moved since. */
export async function ack(id: string, options: AckOptions, screen: Screen): Promise<ExitCode> {
  const now = systemClock.now();
  const asked = readAsked(options, now);
  if ('problem' in asked) {
    screen.complain(asked.problem);
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const outcome = await withStore(read.config, 'guest', async (store): Promise<AckOutcome | { problem: string }> => {
    const found = await findTask(store, id, options.account, read.config);
    if ('problem' in found) return found;
    const { account, task } = found;
    const revision = options.revision ?? null;
    return store.acknowledge({ account, taskId: task.taskId, revision, ...asked }, now);
  });
  if ('problem' in outcome || outcome.kind === 'unknown') {
    screen.complain('problem' in outcome ? outcome.problem : `No task has the id "${id}" any more.`);
    return 1;
  }
  const { kind, stored } = outcome;
  if (options.json === true) {
    const { by, until } = asked;
    printJson(screen, { outcome: kind, by, until: isoTime(until), task: taskJson(stored) });
  } else {
    const speaker = speakerFor(read.config);
    if (kind === 'acknowledged') screen.print(sentence(stored, asked, options, (at) => speaker.time(at)));
    screen.print(stateLine(stored, now, speaker));
  }
  if (kind === 'acknowledged') return 0;
  screen.complain(refusal(kind, stored, options.revision));
  return 1;
}

interface Asked {
  readonly by: string;
  readonly until: EpochMs | null;
}

/** Taking it back is an acknowledgement that ends as it begins, so that who did so is recorded alike. */
function readAsked(options: AckOptions, now: EpochMs): Asked | { readonly problem: string } {
  const by = readShortText('--by', options.by, NAME_MAX);
  if (typeof by !== 'string') return by;
  if (options.withdraw === true) {
    if (options.until !== undefined) return { problem: 'Say --until or --withdraw, not both.' };
    return { by, until: now };
  }
  if (options.until === undefined) return { by, until: null };
  const until = readUntil(options.until, now);
  return typeof until === 'number' ? { by, until } : until;
}

function sentence(
  { task }: StoredTask,
  { by, until }: Asked,
  options: AckOptions,
  time: (at: number) => string,
): string {
  if (options.withdraw === true) return `The acknowledgement of ${task.taskId} is withdrawn by ${by}; reminders go on.`;
  const end = until === null ? 'until it changes' : `until it changes, at most until ${time(until)}`;
  return `${task.taskId} is acknowledged by ${by} ${end}: no reminders, from the next message on.`;
}

function refusal(kind: 'moved' | 'not-pending', { task, revision }: StoredTask, seen: number | undefined): string {
  if (kind === 'not-pending')
    return `Task ${task.taskId} no longer waits for authorization, so nothing was acknowledged.`;
  if (seen !== undefined && seen > revision)
    return `Task ${task.taskId} is at revision ${revision} and has had no revision ${seen}, so nothing was acknowledged: look at its state as it is now, and give --revision ${revision} if you take it on.`;
  return `Task ${task.taskId} has changed since revision ${seen}, so nothing was acknowledged: look at its state as it is now, and give --revision ${revision} if you take it on.`;
}

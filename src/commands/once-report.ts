import { cleanLine } from '../lib/clean-text.ts';
import { count } from '../messages/plural.ts';
import { tasksSeen } from '../model/poll.ts';
import type { OnceResult } from '../once.ts';

/** What `once` came to, and what is left behind. */
export interface OnceOutcome extends OnceResult {
  readonly waiting: number;
  readonly dead: number;
  /** For each channel that a message waits for: the oldest one, which the others stand behind, and why it waits. */
  readonly left: readonly MessageLeft[];
}

export interface MessageLeft {
  readonly channel: string;
  readonly key: string;
  readonly attempts: number;
  readonly reason: string | null;
}

/** What `once` says to people: what was read, what was sent, what to do. */
export function onceReport(done: OnceOutcome, dryRun: boolean): readonly string[] {
  return [
    ...done.polls.map(accountLine),
    ...(done.digests.length === 0 ? [] : [`digests made: ${done.digests.join(', ')}`]),
    ...(done.reminders === 0 ? [] : [`reminders made: ${done.reminders}`]),
    `messages: ${done.delivered} ${dryRun ? 'would be sent' : 'delivered'}, ${done.waiting} waiting, ${done.dead} dead`,
    ...done.left.map(leftLine),
    ...nextSteps(done),
    ...(dryRun ? ['This was a dry run: nothing was sent and nothing was written.'] : []),
  ];
}

function accountLine({ account, summary }: OnceOutcome['polls'][number]): string {
  if (summary === null) return `account ${account}: not read; the log says why`;
  const tasks = tasksSeen(summary.sets);
  const read = tasks === null ? 'nothing could be read' : `${count(tasks, 'task', 'tasks')} read, ${summary.open} open`;
  return summary.result === 'complete'
    ? `account ${account}: complete, ${read}`
    : `account ${account}: ${summary.result}, ${read}: ${cleanLine(summary.reason ?? 'the reason is not known')}`;
}

function leftLine({ channel, key, attempts, reason }: MessageLeft): string {
  const why = cleanLine(reason ?? 'it was not tried yet');
  return `waiting: ${key} for ${channel}, ${count(attempts, 'try', 'tries')}: ${why}`;
}

function nextSteps({ polls, waiting, dead }: OnceOutcome): readonly string[] {
  const steps = [
    polls.some(({ summary }) => summary?.result !== 'complete') &&
      'Next: `repairwatch check --online` tries every account and names the remedy.',
    waiting > 0 && 'Next: what waits is tried again by the next run; `repairwatch deliveries` says why it waits.',
    dead > 0 && 'Next: `repairwatch deliveries --state dead` says why; mend it, then `repairwatch requeue --all`.',
  ];
  return steps.filter((step) => step !== false);
}

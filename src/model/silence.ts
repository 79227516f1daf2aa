import type { EpochMs } from '../lib/clock.ts';
import type { RepairTask } from './task.ts';
import { matchesTask, type TaskMatch } from './task-match.ts';

/** A person has taken on a pending task as it was at `revision`: no reminders until the task moves, or until `until`. */
export interface Ack {
  readonly account: string;
  readonly taskId: string;
  readonly revision: number;
  readonly by: string;
  readonly at: EpochMs;
  /** null: until the task moves. */
  readonly until: EpochMs | null;
}

export type MuteTarget =
  | { readonly kind: 'task'; readonly account: string; readonly taskId: string }
  | { readonly kind: 'match'; readonly match: TaskMatch };

/** Nothing but digests is sent about what it covers, until it ends. */
export interface Mute {
  readonly id: number;
  readonly target: MuteTarget;
  /** Whether it covers tasks that may lose data. */
  readonly dataLoss: boolean;
  /** null: nobody was named. */
  readonly by: string | null;
  readonly reason: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

/** The acknowledgements and mutes that hold at one moment. */
export interface Silences {
  readonly acks: readonly Ack[];
  readonly mutes: readonly Mute[];
}

/** What holds for one task. */
export interface Silence {
  readonly ack: Ack | null;
  /** Of several, the one that ends last. */
  readonly mute: Mute | null;
}

export type SilenceOf = (account: string, task: RepairTask, revision: number) => Silence;

/** The silences as a function of a task; made once for many tasks. */
export function silencesByTask({ acks, mutes }: Silences): SilenceOf {
  const acksByTask = new Map(acks.map((ack) => [keyOf(ack.account, ack.taskId), ack]));
  const lastFirst = mutes.toSorted((a, b) => b.until - a.until || b.id - a.id);
  return (account, task, revision) => {
    const ack = acksByTask.get(keyOf(account, task.taskId));
    return {
      ack: ack?.revision === revision ? ack : null,
      mute: lastFirst.find((mute) => covers(mute, account, task)) ?? null,
    };
  };
}

/** True where the mute means the task; one that may lose data only where the mute says so. */
export function covers({ target, dataLoss }: Pick<Mute, 'target' | 'dataLoss'>, account: string, task: RepairTask) {
  if (!dataLoss && matchesTask({ dataLoss: true }, account, task)) return false;
  if (target.kind === 'match') return matchesTask(target.match, account, task);
  return target.account === account && target.taskId === task.taskId;
}

function keyOf(account: string, taskId: string): string {
  return `${taskId} ${account}`;
}

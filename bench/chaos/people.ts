import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import type { Random } from '../../src/sandbox/seeded-random.ts';
import { type ProgramEnd, runProgram } from '../../test/support/program.ts';
import type { Journal } from './journal.ts';
import type { Life } from './life.ts';

/** The people who read the messages and give commands beside the service, whether it runs or not. */
export interface People {
  /** Commands at random moments until the signal. */
  run(clock: Clock, signal: AbortSignal): Promise<void>;
  /** Has every dead message sent again; how many. */
  requeue(): Promise<number>;
  /** How often each command was given with success. */
  readonly counts: ReadonlyMap<string, number>;
  /** Sentences about commands that failed in a way that no person could understand. */
  readonly problems: readonly string[];
}

const LONGEST_PAUSE_MS = 3 * SECOND_MS;
const LONGEST_MUTE_S = 6;

/** They see the tasks in status 1; the service may not know all of them yet, and then the command is refused. */
export function createPeople(
  configPath: string,
  journal: Journal,
  life: Pick<Life, 'pending' | 'nearRung' | 'move'>,
  random: Random,
): People {
  const counts = new Map<string, number>();
  const problems: string[] = [];
  const below = (most: number): number => Math.floor(random() * most);

  async function give(...args: readonly string[]): Promise<Pick<ProgramEnd, 'code' | 'stdout'>> {
    const [name = ''] = args;
    const end = await runProgram([...args, '--json', '--config', configPath]);
    if (end.code === 0) counts.set(name, (counts.get(name) ?? 0) + 1);
    else if (end.code !== 1 || end.stderr.includes('does not know')) problems.push(`${args.join(' ')}: ${end.stderr}`);
    return end;
  }

  async function ack(taskId: string): Promise<void> {
    const from = Date.now();
    const { code } = await give('ack', taskId, '--by', 'ann');
    if (code === 0) journal.acks.push({ taskId, from, to: Date.now() });
  }

  async function mute(taskId: string): Promise<void> {
    const from = Date.now();
    const seconds = 3 + below(LONGEST_MUTE_S);
    const { code } = await give('mute', taskId, '--until', `${seconds}s`, '--reason', 'chaos');
    const to = Date.now();
    const over = { earliest: from + seconds * SECOND_MS, latest: to + seconds * SECOND_MS };
    if (code !== 0) return;
    journal.mutes.push({ taskId, from, to, over });
    // So that there is something to hold back.
    life.move(taskId);
  }

  async function requeue(): Promise<number> {
    const { code, stdout } = await give('requeue', '--all');
    // The shape is that of `requeue --json`.
    const keys = code === 0 ? (JSON.parse(stdout) as { readonly requeued: readonly string[] }).requeued : [];
    for (const key of keys) journal.requeued.add(key);
    return keys.length;
  }

  async function act(): Promise<unknown> {
    const near = random() < 0.5 ? life.nearRung() : [];
    const tasks = near.length > 0 ? near : life.pending();
    const taskId = tasks[below(tasks.length)];
    const drawn = random();
    if (drawn < 0.15 || taskId === undefined) return requeue();
    return drawn < 0.6 ? ack(taskId) : mute(taskId);
  }

  return {
    counts,
    problems,
    requeue,
    async run(clock, signal) {
      while (!signal.aborted) {
        await act();
        await clock.sleep(random() * LONGEST_PAUSE_MS, signal).catch(() => undefined); // aborted: the loop ends
      }
    },
  };
}

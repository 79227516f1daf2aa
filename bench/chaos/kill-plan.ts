import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import type { Random } from '../../src/sandbox/seeded-random.ts';
import type { RunningProgram } from '../../test/support/program.ts';
import type { Counterparts, Moments } from './counterparts.ts';
import type { KillClass } from './journal.ts';

/** Chooses when one process is killed, by what the counterparts see of it. */
export interface KillPlan {
  readonly name: string;
  /** The moments at which the counterparts act; `kill` ends the process at once. */
  moments(kill: () => void): Partial<Moments>;
  /** What the process itself says or how long it runs may be the moment, too. Resolves when it is; never where the counterparts decide. */
  wait?(program: RunningProgram, clock: Clock, signal: AbortSignal): Promise<void>;
  /** Something that has to happen, so that the moment comes. */
  prepare?(): void;
}

export interface PlanMaker {
  /** The next plan: mostly for a class that was hit less often than wanted, sometimes a random moment. */
  next(hits: ReadonlyMap<KillClass, number>, wanted: number): KillPlan;
}

const RANDOM_SHARE = 0.2;
/** A moment that does not come within this is not waited for. */
export const PLAN_WITHIN_MS = 5 * SECOND_MS;
const LONGEST_RANDOM_MS = 2_500;
/** A poll here has at least four requests. */
const REQUESTS_WITHIN_A_POLL = 4;

export function createPlanMaker({ slack }: Counterparts, news: () => void, random: Random): PlanMaker {
  const from = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

  const atRandom = (): KillPlan => {
    const after = from(100, LONGEST_RANDOM_MS);
    return { name: 'at a random moment', moments: () => ({}), wait: (_, clock, signal) => clock.sleep(after, signal) };
  };

  const afterRead = (): KillPlan => {
    const answers = from(1, 2 * REQUESTS_WITHIN_A_POLL);
    const onAnswer = (kill: () => void) => (count: number) => (count === answers ? kill() : undefined);
    return { name: 'when an answer is given', moments: (kill) => ({ onAnswer: onAnswer(kill) }), prepare: news };
  };

  const betweenPages = (): KillPlan => {
    const requests = from(2, REQUESTS_WITHIN_A_POLL);
    const onRequest = (kill: () => void) => (count: number) => (count === requests ? kill() : undefined);
    return { name: 'when a request comes in', moments: (kill) => ({ onRequest: onRequest(kill) }), prepare: news };
  };

  const afterPoll = (): KillPlan => ({
    name: 'when a poll has ended',
    moments: () => ({}),
    prepare: news,
    async wait(program, clock, signal) {
      await said(program, 'poll-finished', signal);
      await clock.sleep(from(0, 3), signal);
    },
  });

  const afterClaim = (): KillPlan => ({
    name: 'when Slack does not take a message',
    moments: (kill) => ({
      onMessage: ({ channel, accepted }) => (channel === 'slack' && !accepted ? kill() : undefined),
    }),
    prepare() {
      news();
      slack.fault({ kind: 'hang', times: 1 });
    },
  });

  const accepted = (): KillPlan => {
    const wanted = one(['slack', 'mail'] as const);
    return {
      name: `when ${wanted} takes a message`,
      moments: (kill) => ({
        onMessage: (message) => (message.accepted && message.channel === wanted ? kill() : undefined),
      }),
      prepare: news,
    };
  };

  const answered = (): KillPlan => {
    const after = from(0, 8);
    const onMessage =
      (kill: () => void): Moments['onMessage'] =>
      () => {
        setTimeout(kill, after);
      };
    return {
      name: 'just after a message is answered',
      moments: (kill) => ({ onMessage: onMessage(kill) }),
      prepare: news,
    };
  };

  const inDigest = (): KillPlan => ({
    name: 'when a digest is made',
    moments: () => ({}),
    wait: (program, _, signal) => said(program, 'digest-made', signal),
  });

  const makers: readonly (readonly [KillClass, readonly (() => KillPlan)[]])[] = [
    ['after read', [afterRead]],
    ['between page commits', [betweenPages]],
    ["after the poll's end", [afterPoll]],
    ['after claim', [afterClaim]],
    ['accepted, not settled', [accepted, accepted, answered]],
    ['in a digest', [inDigest]],
  ];

  function one<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(random() * list.length)] ?? list[0];
  }

  return {
    next(hits, wanted) {
      const lacking = makers.filter(([name]) => (hits.get(name) ?? 0) < wanted);
      const [first, ...others] = (lacking.length > 0 ? lacking : makers).flatMap(([, plans]) => plans);
      if (first === undefined || random() < RANDOM_SHARE) return atRandom();
      return one([first, ...others])();
    },
  };
}

/** Rejects with the signal; the program's own end is seen by whoever waits for that. */
function said(program: RunningProgram, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    program.waitForLog(event).then(() => resolve(), reject);
  });
}

import { type Clock, SECOND_MS } from '../../../src/lib/clock.ts';
import type { Random } from '../../../src/sandbox/seeded-random.ts';
import type { PostgresLink } from '../../../test/support/postgres-link.ts';
import type { Moments } from '../counterparts.ts';
import { endedWell } from '../ended-well.ts';
import type { Journal, Upset } from '../journal.ts';
import type { Fleet, Replica } from './fleet.ts';

/** Does to replicas what machines and networks do to them. */
export interface Upsets {
  /** Starts the replicas. */
  begin(count: number): Promise<void>;
  /** One upset after the other at random, some at a time, until the signal; at least one replica is always well. */
  run(signal: AbortSignal): Promise<void>;
  /** Begins one, once two are well. */
  one(kind: Upset['kind'], moment: Moment): Promise<void>;
  /** Resolves when none lasts. */
  idle(): Promise<void>;
  /** Ends what lasts; every replica runs and reaches its store. */
  heal(): Promise<void>;
  /** Stops every replica cleanly, one after the other. */
  stopAll(): Promise<void>;
  /** Those that are well. */
  readonly well: ReadonlySet<Replica>;
  momentsOf(life: number): Partial<Moments>;
  /** A COMMIT of that address was passed on, and its answer was not. */
  committed(peer: string): void;
  readonly counts: ReadonlyMap<string, number>;
  /** Sentences about processes that ended by themselves or badly. */
  readonly problems: readonly string[];
}

/** When it happens: as soon as any replica that is well does that, or somewhen. An answer counts where it shows pending tasks. */
export const MOMENTS = [
  'somewhen',
  'asks the API',
  'is answered by the API',
  'commits',
  'has a message taken',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** From the least to the most. */
type Span = readonly [least: number, most: number];

/** How long an upset lasts. */
export interface Spans {
  /** From a process's end to the next one's start. */
  readonly downMs: Span;
  readonly pastLeaseMs: Span;
  /** Of those that last shorter than a lease. */
  readonly shortShare: number;
}

export interface UpsetsDeps {
  readonly spans: Spans;
  readonly fleet: () => Fleet;
  readonly link: () => PostgresLink;
  readonly journal: Journal;
  /** The answer that shows these is out of date from now on. */
  readonly outdate: (taskIds: readonly string[]) => void;
  readonly random: Random;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

/** Each comes once, in a random order, before any comes again. */
const ALL: readonly (readonly [Upset['kind'], Moment])[] = [
  ...MOMENTS.flatMap((moment) => [['kill', moment] as const, ['freeze', moment] as const]),
  ['hold', 'somewhen'],
  ['hold', 'commits'],
  ['hold', 'is answered by the API'],
  ['hold', 'has a message taken'],
  ['cut', 'is answered by the API'],
  ['cut', 'has a message taken'],
  ['stop', 'somewhen'],
];
const MOMENT_WITHIN_MS = 5 * SECOND_MS;
const NEXT_AFTER_MS: Span = [2 * SECOND_MS, 10 * SECOND_MS];
const SHORT_MS: Span = [SECOND_MS, 10 * SECOND_MS];
/** Of a run of minutes. */
export const RANDOM_SPANS: Spans = {
  downMs: [0, 20 * SECOND_MS],
  pastLeaseMs: [17 * SECOND_MS, 30 * SECOND_MS],
  shortShare: 0.25,
};
/** One that was sending is held up until somebody else has its lane, and a little longer. */
const LANE_TAKEN_WITHIN_MS = 75 * SECOND_MS;
const AFTER_LANE_MS = 4 * SECOND_MS;
const LOOK_MS = 200;

export function createUpsets(deps: UpsetsDeps): Upsets {
  const { fleet, link, journal, random, clock, print, spans, outdate } = deps;
  const counts = new Map<string, number>();
  const problems: string[] = [];
  const well = new Set<Replica>();
  /** Killed or stopped. */
  const ending = new Set<Replica>();
  const gone = new Set<Replica>();
  const going = new Set<Promise<void>>();
  let over = new AbortController();
  const deck = [...ALL];
  let waited: { readonly moment: Moment; readonly hit: (victim: Replica) => void } | null = null;

  const between = ([least, most]: Span): number => least + random() * (most - least);

  async function startOne(): Promise<void> {
    const replica = await fleet().start();
    void replica.program.exited.then(({ code, signal, stderr }) => {
      well.delete(replica);
      gone.add(replica);
      if (!ending.has(replica)) problems.push(`process ${replica.life} ended by itself (${code ?? signal}): ${stderr}`);
    });
    await replica.program.waitForLog('service-started').then(
      () => well.add(replica),
      () => undefined, // its end is told above
    );
  }

  /** The replica whose moment it is; any that is well where the moment does not come. */
  async function victimAt(moment: Moment): Promise<Replica | null> {
    const any = (): Replica | null => [...well][Math.floor(random() * well.size)] ?? null;
    if (moment === 'somewhen') return any();
    const chosen = new Promise<Replica>((resolve) => {
      waited = { moment, hit: resolve };
    });
    const late = clock.sleep(MOMENT_WITHIN_MS, over.signal).then(any, () => null);
    return await Promise.race([chosen, late]).finally(() => {
      waited = null;
    });
  }

  /** True where an upset waited for that. */
  function happens(moment: Moment, is: (replica: Replica) => boolean): boolean {
    if (waited?.moment !== moment) return false;
    const victim = [...well].find(is);
    if (victim === undefined) return false;
    const { hit } = waited;
    waited = null;
    strike(victim);
    hit(victim);
    return true;
  }

  /** In the very turn of the moment; chosen before. Again it is the same upset. */
  let strike: (victim: Replica) => Upset | null = () => null;

  async function one(kind: Upset['kind'], moment: Moment): Promise<void> {
    let upset: Upset | null = null;
    while (well.size < 2) await pause(LOOK_MS);
    strike = (victim) => {
      if (upset !== null) return upset;
      well.delete(victim);
      upset = { kind, life: victim.life, moment, from: Date.now(), to: Number.POSITIVE_INFINITY };
      journal.upsets.push(upset);
      begin(kind, victim);
      return upset;
    };
    const victim = await victimAt(moment);
    const begun = victim && strike(victim);
    if (victim === null || begun === null) return;
    for (const name of [kind, `${kind} when it ${moment}`]) counts.set(name, (counts.get(name) ?? 0) + 1);
    print(`process ${victim.life}: ${kind} when it ${moment}`);
    const lasting = last(begun, victim).finally(() => going.delete(lasting));
    going.add(lasting);
  }

  function begin(kind: Upset['kind'], victim: Replica): void {
    const { program, peer } = victim;
    if (kind === 'kill' || kind === 'stop') ending.add(victim);
    if (kind === 'kill') program.kill('SIGKILL');
    else if (kind === 'stop') program.kill('SIGTERM');
    else if (kind === 'freeze') program.kill('SIGSTOP');
    else link().part(peer, kind);
  }

  async function last(upset: Upset, victim: Replica): Promise<void> {
    const { kind, moment } = upset;
    if (kind === 'kill' || kind === 'stop') {
      if (kind === 'stop') await endsCleanly(victim);
      else await victim.program.exited;
      await pause(between(spans.downMs));
      return startOne();
    }
    if (moment === 'has a message taken') await untilLaneTaken(upset);
    else await pause(between(random() < spans.shortShare ? SHORT_MS : spans.pastLeaseMs));
    upset.to = Date.now();
    if (kind === 'freeze') victim.program.kill('SIGCONT');
    else link().heal(victim.peer, random() < 0.5);
    if (!gone.has(victim)) well.add(victim);
  }

  async function endsCleanly({ life, program }: Replica): Promise<void> {
    const { code, signal, stderr } = await program.exited;
    if (!endedWell(code, program.log, journal.slowness))
      problems.push(`process ${life} was stopped and ended with ${code ?? signal}: ${stderr}`);
  }

  async function untilLaneTaken({ life, from }: Upset): Promise<void> {
    const until = clock.monotonic() + LANE_TAKEN_WITHIN_MS;
    const isTaken = () =>
      fleet()
        .said()
        .leases.some(
          (lease) => lease.taken && lease.at > from && lease.life !== life && lease.unit.startsWith('lane '),
        );
    while (!over.signal.aborted && clock.monotonic() < until && !isTaken()) await pause(LOOK_MS);
    await pause(AFTER_LANE_MS);
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms, over.signal).catch(() => undefined); // healed
  }

  return {
    counts,
    problems,
    well,
    one,
    async begin(count) {
      await Promise.all(Array.from({ length: count }, startOne));
    },
    async run(signal) {
      while (!signal.aborted && problems.length === 0) {
        await clock.sleep(between(NEXT_AFTER_MS), signal).catch(() => undefined); // aborted: the loop ends
        const [next = ['kill', 'somewhen'] as const] = deck.splice(Math.floor(random() * deck.length), 1);
        if (deck.length === 0) deck.push(...ALL);
        if (!signal.aborted) await one(...next);
      }
    },
    async idle() {
      await Promise.all(going);
    },
    async heal() {
      over.abort();
      await Promise.all(going);
      over = new AbortController();
    },
    async stopAll() {
      for (const replica of [...well]) {
        begin('stop', replica);
        await endsCleanly(replica);
      }
    },
    momentsOf(life) {
      const isIt = (replica: Replica): boolean => replica.life === life;
      return {
        onRequest: () => void happens('asks the API', isIt),
        onAnswer(_, rows) {
          const pending = rows.filter(({ TaskStatus }) => TaskStatus === 1).map(({ TaskId }) => TaskId);
          if (pending.length > 0 && happens('is answered by the API', isIt)) outdate(pending);
        },
        onMessage: ({ accepted }) => {
          if (accepted) happens('has a message taken', isIt);
        },
      };
    },
    committed: (peer) => void happens('commits', (replica) => replica.peer === peer),
  };
}

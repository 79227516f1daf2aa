import { setImmediate as turn } from 'node:timers/promises';
import { MINUTE_MS, systemClock } from '../../src/lib/clock.ts';
import { type Random, seededRandom } from '../../src/sandbox/seeded-random.ts';
import { type ConfigFile, writeConfigFile } from '../../test/support/config-file.ts';
import { type RunningProgram, startProgram } from '../../test/support/program.ts';
import { type Counterparts, type Moments, startCounterparts } from './counterparts.ts';
import { digestCount } from './digest-count.ts';
import { endedWell } from './ended-well.ts';
import { KILL_CLASSES, type KillClass } from './journal.ts';
import { createKillClassifier, type KillClassifier } from './kill-class.ts';
import { createPlanMaker, type KillPlan, PLAN_WITHIN_MS } from './kill-plan.ts';
import { createLife, type Life } from './life.ts';
import type { Outcome } from './outcome.ts';
import { createPeople, type People } from './people.ts';
import { RULES, settingsOf } from './settings.ts';
import { watchSlowness } from './slowness.ts';
import { createTrouble, type Trouble } from './trouble.ts';
import { untilDrained } from './until-drained.ts';
import { judge } from './verdict.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** The accelerated life lasts at least so long, */
  readonly minutes: number;
  /** and until each class of kills was hit so often. */
  readonly untilClasses: number;
  readonly print: (line: string) => void;
}

export interface ChaosResult extends Outcome {
  readonly kills: number;
  readonly hits: ReadonlyMap<KillClass, number>;
  readonly commands: ReadonlyMap<string, number>;
}

const SCHEDULES = { poll: '*/2 * * * * *', digest: '*/3 * * * * *' };

/** What a dead process had sent is taken in within this, and within so many turns where the machine is slow. */
const AFTERMATH_MS = 60;
const AFTERMATH_TURNS = 100;
/** Kills beyond this for each class and still one lacks: it is not going to be hit. */
const KILLS_PER_CLASS = 30;
const QUIET_POLLS = 4;
const LOOK_EVERY_MS = 300;

/** Runs the built program through an accelerated life with faults and kills, lets everything drain, and judges what arrived. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const counterparts = await startCounterparts(options.seed);
  const { sandbox, slack, mail } = counterparts;
  const file = writeConfigFile({ sandbox, hook: slack, mail }, settingsOf(counterparts, SCHEDULES));
  const run = new ChaosRun(options, counterparts, file);
  const over = new AbortController();
  const watching = watchSlowness(counterparts.journal, systemClock, over.signal);
  try {
    return await run.toItsEnd();
  } finally {
    over.abort();
    await watching;
    run.killAll();
    await counterparts.close();
    file.remove();
  }
}

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #counterparts: Counterparts;
  readonly #file: ConfigFile;
  readonly #random: Random;
  readonly #life: Life;
  readonly #trouble: Trouble;
  readonly #people: People;
  readonly #classifier: KillClassifier;
  readonly #hits = new Map<KillClass, number>();
  readonly #problems: string[] = [];
  #lives = 0;
  #program: RunningProgram | null = null;

  constructor(options: ChaosOptions, counterparts: Counterparts, file: ConfigFile) {
    this.#options = options;
    this.#counterparts = counterparts;
    this.#file = file;
    this.#classifier = createKillClassifier(file.storePath, counterparts.journal);
    // Each of them its own chance: how long a process takes to start must not move what the world does.
    this.#random = seededRandom(options.seed);
    this.#life = createLife(counterparts.sandbox.world(), seededRandom(options.seed + 1));
    this.#trouble = createTrouble(counterparts, seededRandom(options.seed + 2));
    this.#people = createPeople(file.path, counterparts.journal, this.#life, seededRandom(options.seed + 3));
  }

  async toItsEnd(): Promise<ChaosResult> {
    const since = performance.now();
    this.#life.begin();
    const over = new AbortController();
    const actors = [this.#life, this.#trouble, this.#people];
    const going = actors.map((actor) => actor.run(systemClock, over.signal));
    const plans = createPlanMaker(this.#counterparts, () => this.#life.news(), this.#random);
    while (!this.#isEnough(since) && this.#problems.length === 0) {
      await this.#oneLife(plans.next(this.#hits, Math.max(1, this.#options.untilClasses)));
    }
    over.abort();
    await Promise.all(going);
    this.#trouble.clear();
    await this.#quiet();
    const { journal } = this.#counterparts;
    journal.end = Date.now();
    this.#problems.push(...this.#people.problems, ...this.#untold());
    return {
      seed: this.#options.seed,
      tookMs: performance.now() - since,
      verdict: judge(journal, RULES),
      journal,
      kills: journal.kills.length,
      hits: this.#hits,
      life: this.#life.counts,
      trouble: this.#trouble.counts,
      commands: this.#people.counts,
      problems: this.#problems,
    };
  }

  killAll(): void {
    this.#program?.kill('SIGKILL');
  }

  #isEnough(since: number): boolean {
    const { minutes, untilClasses } = this.#options;
    const allHit = KILL_CLASSES.every((name) => (this.#hits.get(name) ?? 0) >= untilClasses);
    const isHopeless = this.#lives > KILLS_PER_CLASS * Math.max(1, untilClasses);
    return (allHit || isHopeless) && performance.now() - since >= minutes * MINUTE_MS;
  }

  #start(moments: Partial<Moments>): RunningProgram {
    this.#lives += 1;
    this.#counterparts.setLife(this.#lives, moments);
    const program = startProgram(['run', '--config', this.#file.path], { cwd: this.#file.directory });
    this.#program = program;
    return program;
  }

  /** One process from its start to its violent end. */
  async #oneLife(plan: KillPlan): Promise<void> {
    const from = Date.now();
    const done = new AbortController();
    let killedAt: number | null = null;
    const kill = (): void => {
      killedAt ??= Date.now();
      this.killAll();
    };
    const program = this.#start(plan.moments(kill));
    plan.prepare?.();
    const late = waitTooLong(program, done.signal).then(kill, () => undefined);
    const moment = plan.wait?.(program, systemClock, done.signal).then(kill, () => undefined);
    const end = await program.exited;
    done.abort();
    await Promise.all([late, moment]);
    await aftermath();
    if (killedAt === null)
      this.#problems.push(`the program ended by itself (${end.code}): ${end.stderr || end.stdout}`);
    const point = await this.#classifier.classify({ life: this.#lives, from, to: killedAt ?? Date.now() });
    for (const name of point.classes) this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1);
    this.#counterparts.journal.kills.push({ life: this.#lives, at: killedAt ?? Date.now(), plan: plan.name, ...point });
    this.#options.print(`kill ${this.#lives} ${plan.name}: ${point.classes.join(' and ') || 'elsewhere'}`);
  }

  /** No more faults, nothing happens: what is due must arrive by itself now, once dead messages are sent again. */
  async #quiet(): Promise<void> {
    const { journal } = this.#counterparts;
    const calmFrom = Math.max(this.#life.firstRungsPassed(), ...journal.mutes.map(({ over }) => over.latest)) + 1;
    await systemClock.sleep(Math.max(0, calmFrom - Date.now()), new AbortController().signal); // both go by the clock
    journal.calmFrom = Date.now();
    const program = this.#start({});
    await program.waitForLog('poll-finished', (line) => line['result'] === 'complete', QUIET_POLLS);
    this.#problems.push(...(await untilDrained({ engine: 'sqlite', path: this.#file.storePath }, this.#people)));
    await this.#untilDigests(program);
    program.kill('SIGTERM');
    const end = await program.exited;
    if (!endedWell(end.code, program.log, journal.slowness))
      this.#problems.push(`the last process ended with ${end.code ?? end.signal}: ${end.stderr}`);
  }

  /** Two digests from now on: the first may have been made before the last event. */
  async #untilDigests(program: RunningProgram): Promise<void> {
    const count = (): number => digestCount(this.#counterparts.journal);
    const wanted = count() + 2;
    const ended = program.exited.then(() => true);
    const pause = () => systemClock.sleep(LOOK_EVERY_MS, new AbortController().signal).then(() => false); // another process is at work
    while (count() < wanted && !(await Promise.race([ended, pause()])));
    if (count() < wanted) this.#problems.push('no digest came after the last fault');
  }

  /** A message that dies is told to the operator before it is recorded as dead, so that notice has come long ago. */
  #untold(): string[] {
    const notices = this.#counterparts.operator.accepted.entries.map(({ body }) => body).join('\n');
    const untold = [...this.#counterparts.journal.requeued].filter((key) => !notices.includes(key));
    return untold.map((key) => `${key} was dead, and the operator was not told`);
  }
}

/** Resolves when the plan's moment does not come; the time that the process takes to start does not count. */
async function waitTooLong(program: RunningProgram, signal: AbortSignal): Promise<void> {
  await program.waitForLog('service-started');
  await systemClock.sleep(PLAN_WITHIN_MS, signal);
}

/** What the dead process had sent is still arriving. */
async function aftermath(): Promise<void> {
  await systemClock.sleep(AFTERMATH_MS, new AbortController().signal);
  for (let passed = 0; passed < AFTERMATH_TURNS; passed += 1) await turn();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { phaseOf, spreadOf } from '../../src/poll/poll-ticks.ts';
import { openStore } from '../../src/store/registry.ts';
import { startProgram } from '../../test/support/program.ts';
import { type ManyAccountsOptions, openManyAccounts } from './many-accounts.ts';
import { processorMs } from './processor.ts';
import { sampleResident } from './resident.ts';
import { median, quantile } from './statistics.ts';
import { atLeast, atMost, mb, ms, noted, type Result } from './table.ts';

export interface AccountsOptions extends ManyAccountsOptions {
  readonly stuck: number;
  /** Polls of each to measure, after all were polled once. */
  readonly rounds: number;
}

interface Begun {
  readonly account: string;
  /** After its place in the minute. */
  readonly lateMs: number;
}

const EARLY_MS = 20;

/** Many accounts in one process, each polled every so often, some of whose API hangs. */
export async function measureAccounts(options: AccountsOptions): Promise<readonly Result[]> {
  const { accounts, stuck, everyS, rounds } = options;
  const everyMs = everyS * SECOND_MS;
  const { names, file, close } = await openManyAccounts(options);
  const program = startProgram(['run', '--config', file.path]);
  try {
    const resident = sampleResident(program.pid);
    await program.waitForLog('service-started');
    const begun = performance.now();
    await program.waitForLog('poll-finished', (line) => line['result'] === 'complete', accounts - stuck);
    const firstMs = performance.now() - begun;
    await sleep(everyMs - (Date.now() % everyMs));
    const since = Date.now();
    const processor = processorMs(program.pid);
    await sleep(rounds * everyMs);
    const share = (processorMs(program.pid) - processor) / (rounds * everyMs);
    const rssMb = resident.stop();
    const polls = await pollsBetween(file.storePath, options, since);
    return resultsOf(options, names.slice(0, stuck), polls, { firstMs, share, rssMb });
  } finally {
    program.kill('SIGKILL');
    await program.exited;
    await close();
  }
}

async function pollsBetween(path: string, { accounts, everyS, rounds }: AccountsOptions, from: number) {
  const store = await openStore({ engine: 'sqlite', path }, { mode: 'reader', clock: systemClock });
  try {
    const everyMs = everyS * SECOND_MS;
    // Those since, and at most as many backfills.
    const rows = await store.polls({ limit: accounts * (rounds + 2) * 2 });
    return rows
      .filter(({ kind, startedAt }) => kind === 'poll' && startedAt >= from && startedAt < from + rounds * everyMs)
      .map(({ account, startedAt }): Begun => {
        const placeMs = phaseOf(account) * spreadOf(accounts, everyMs);
        // A timer may be a moment early.
        const lateMs = ((startedAt - placeMs + EARLY_MS) % everyMs) - EARLY_MS;
        return { account, lateMs: Math.max(0, lateMs) };
      });
  } finally {
    await store.close();
  }
}

interface Costs {
  readonly firstMs: number;
  /** Of one core. */
  readonly share: number;
  readonly rssMb: readonly number[];
}

function resultsOf(
  options: AccountsOptions,
  hanging: readonly string[],
  polls: readonly Begun[],
  { firstMs, share, rssMb }: Costs,
) {
  const { accounts, stuck, tasks, latencyMs, everyS, rounds } = options;
  const well = polls.filter(({ account }) => !hanging.includes(account));
  const late = well.map(({ lateMs }) => lateMs);
  const counts = Map.groupBy(well, ({ account }) => account);
  const fewest = counts.size < accounts - stuck ? 0 : Math.min(...[...counts.values()].map((own) => own.length));
  const what = `${accounts} accounts of ${tasks} tasks, answers after ${latencyMs} ms, ${stuck} hang: polls of the others`;
  const wanted = (accounts - stuck) * rounds;
  return [
    // One of each may lie on the border of the time that is measured.
    atLeast(`${what} in ${rounds} × ${everyS} s`, Math.floor(wanted * 0.995), well.length, String),
    atLeast('… of the account that was polled least', rounds - 1, fewest, String),
    atMost('… begin after their place in the interval: p99', SECOND_MS, quantile(late, 0.99), ms),
    noted('… … middle, latest', `${ms(median(late))}, ${ms(Math.max(...late))}`),
    noted('… all polled once after a start', `${(firstMs / SECOND_MS).toFixed(0)} s`),
    atMost('… memory', 250, Math.max(...rssMb), mb),
    noted('… processor time', `${(100 * share).toFixed(0)} % of a core`),
  ] satisfies readonly Result[];
}

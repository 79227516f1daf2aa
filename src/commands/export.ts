import type { Config } from '../config/config.ts';
import { readingOf } from '../digest/compose-digest.ts';
import { listHead } from '../json/list-head.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import { silencesByTask } from '../model/silence.ts';
import type { Store, TaskQuery } from '../store/store.ts';
import { allTasks } from '../story/all-tasks.ts';
import { pollIntervals } from '../watch/poll-intervals.ts';
import type { ExitCode } from './exit-code.ts';
import type { ExportOptions } from './export-options.ts';
import { openTaskWriter } from './export-writer.ts';
import { type ListFilter, listFilter } from './list-filter.ts';
import { readConfig } from './read-config.ts';
import type { Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withStore } from './with-store.ts';

/** `export`: every stored task that the filters let through, written part by part. */
export async function exportTasks(options: ExportOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { config } = read;
  const accounts = config.accounts.map(({ name }) => name);
  const filter = listFilter(options, accounts, true);
  if (!filter.ok) {
    screen.complain(filter.problem);
    return 2;
  }
  for (const warning of filter.warnings) screen.complain(warning);
  await withStore(config, 'reader', (store) => write(store, filter, config, options, screen));
  return 0;
}

async function write(
  store: Store,
  { lets, accounts }: ListFilter,
  config: Config,
  options: ExportOptions,
  screen: Screen,
): Promise<void> {
  const now: EpochMs = systemClock.now();
  const intervalOf = pollIntervals(config);
  const readings = (await store.accounts())
    .filter(({ account }) => accounts.length === 0 || accounts.includes(account))
    .map((state) => readingOf(state, now, intervalOf));
  const silenceOf = silencesByTask(await store.silences(now));
  const how = { head: listHead(readings, now), silenceOf, speaker: speakerFor(config, options.language) };
  const writer = openTaskWriter(options.format, screen, how);
  for (const state of statesOf(options))
    for await (const part of allTasks(store, { state, accounts }, now))
      for (const stored of part) if (lets(stored)) writer.task(stored);
  writer.end();
}

/** Which of the stored tasks are looked through; a status that is asked for may be of any. */
function statesOf({ all, state, taskStatus = [] }: ExportOptions): readonly TaskQuery['state'][] {
  if (all === true || state === 'all') return ['open', 'closed'];
  if (state !== undefined) return [state];
  return taskStatus.length > 0 ? ['open', 'closed'] : ['pending'];
}

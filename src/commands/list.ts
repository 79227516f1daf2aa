import type { Config } from '../config/config.ts';
import { readingOf } from '../digest/compose-digest.ts';
import { listHead } from '../json/list-head.ts';
import { silenceJson } from '../json/silence-json.ts';
import { taskJson } from '../json/task-json.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import { nothingWaits, readingWords } from '../messages/nothing-waits.ts';
import type { Speaker } from '../messages/speak.ts';
import { byListOrder } from '../model/list-order.ts';
import type { AccountReading } from '../model/message.ts';
import { type SilenceOf, silencesByTask } from '../model/silence.ts';
import { mayLoseData, PENDING } from '../model/task.ts';
import type { Language } from '../model/vocabulary.ts';
import type { AccountState, StoredTask } from '../store/store.ts';
import { pollIntervals } from '../watch/poll-intervals.ts';
import type { ExitCode } from './exit-code.ts';
import { listFilter } from './list-filter.ts';
import type { ListOptions } from './list-options.ts';
import { listTable } from './list-table.ts';
import { printJsonList } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withStore } from './with-store.ts';

const NOTHING_PASSES: Readonly<Record<Language, string>> = {
  en: 'No stored task passes these filters.',
  'zh-CN': '没有已存储的任务符合这些筛选条件。',
};

/** `list`: what waits, and with `--all` also what is booked or under way; says of each account whether that is known. */
export async function list(options: ListOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { config } = read;
  const filter = listFilter(
    options,
    config.accounts.map(({ name }) => name),
  );
  if (!filter.ok) {
    screen.complain(filter.problem);
    return 2;
  }
  for (const warning of filter.warnings) screen.complain(warning);
  const now = systemClock.now();
  const { tasks, accounts, silences } = await withStore(config, 'reader', async (store) => ({
    tasks: waitingFirst(await store.openTasks({ pendingOnly: filter.pendingOnly }), now).filter(filter.lets),
    accounts: await store.accounts(),
    silences: await store.silences(now),
  }));
  const silenceOf = silencesByTask(silences);
  const readings = readingsOf(config, accounts, now).filter(
    ({ account }) => filter.accounts.length === 0 || filter.accounts.includes(account),
  );
  if (options.json === true)
    printJsonList(screen, listHead(readings, now), 'tasks', tasks, (stored) => ({
      ...taskJson(stored),
      ...silenceJson(silenceOf(stored.account, stored.task, stored.revision)),
    }));
  else printList(tasks, silenceOf, readings, now, filter.narrows, speakerFor(config, options.language), screen);
  return 0;
}

/** The order of every list, but what is booked or under way after what waits; what may lose data stays on top. */
function waitingFirst(tasks: readonly StoredTask[], now: EpochMs): readonly StoredTask[] {
  const inListOrder = byListOrder(now);
  const rank = ({ task }: StoredTask): number => (mayLoseData(task) ? 0 : 2) + (task.taskStatus === PENDING ? 0 : 1);
  return tasks.toSorted((a, b) => rank(a) - rank(b) || inListOrder(a, b));
}

function readingsOf(config: Config, accounts: readonly AccountState[], now: EpochMs): readonly AccountReading[] {
  const intervalOf = pollIntervals(config);
  return accounts.map((state) => readingOf(state, now, intervalOf));
}

function printList(
  tasks: readonly StoredTask[],
  silenceOf: SilenceOf,
  readings: readonly AccountReading[],
  now: EpochMs,
  narrowed: boolean,
  speaker: Speaker,
  screen: Screen,
): void {
  for (const line of listTable(tasks, silenceOf, now, speaker, screen)) screen.print(line);
  if (tasks.length > 0) screen.print('');
  else screen.print(narrowed ? NOTHING_PASSES[speaker.language] : nothingWaits(readings, speaker));
  for (const reading of readings) screen.print(readingWords(reading, now, speaker));
}

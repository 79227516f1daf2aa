import type { Config } from '../config/config.ts';
import { pollJson } from '../json/poll-json.ts';
import { isoTime } from '../lib/iso-time.ts';
import type { Speaker } from '../messages/speak.ts';
import { type PollRecord, tasksSeen } from '../model/poll.ts';
import type { ExitCode } from './exit-code.ts';
import { fittingTable } from './fitting-table.ts';
import { countOrUnknown, foundWords, pollDetail, took } from './poll-detail.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { unknownName } from './unknown-name.ts';
import { withStore } from './with-store.ts';

export interface PollsOptions extends CommonOptions {
  readonly account?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `polls`: the ledger, newest first: what each poll read and whether it was whole; with an id everything about that one. */
export async function polls(id: string | undefined, options: PollsOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  if (id !== undefined) return onePoll(id, read.config, options, screen);
  const { account, limit } = options;
  const filter = account === undefined ? { limit } : { account, limit };
  const records = await withStore(read.config, 'reader', (store) => store.polls(filter));
  const accounts = read.config.accounts.map(({ name }) => name);
  // One that was taken out of the configuration is still in the ledger for a while.
  if (records.length === 0 && account !== undefined && !accounts.includes(account)) {
    screen.complain(unknownName('account', account, accounts));
    return 2;
  }
  if (options.json === true) printJson(screen, records.map(pollJson));
  else if (records.length === 0)
    screen.print(`There was no poll${account === undefined ? '' : ` of account ${account}`} yet.`);
  else for (const line of pollsTable(records, speakerFor(read.config), screen.columns)) screen.print(line);
  return 0;
}

async function onePoll(id: string, config: Config, options: PollsOptions, screen: Screen): Promise<ExitCode> {
  const found = await withStore(config, 'reader', async (store) => {
    const poll = /^\d{1,15}$/.test(id) ? await store.poll(Number(id)) : null;
    return poll === null ? null : { poll, rows: await store.setAsideRows(poll) };
  });
  if (found === null) {
    screen.complain(
      `There is no poll "${id}" in the ledger; \`repairwatch polls\` shows the newest with their numbers.`,
    );
    return 1;
  }
  const { poll, rows } = found;
  if (options.account !== undefined && options.account !== poll.account) {
    screen.complain(
      `Poll ${poll.id} is one of account ${poll.account}, not of "${options.account}"; leave --account out.`,
    );
    return 2;
  }
  if (options.json === true)
    printJson(screen, { ...pollJson(poll), setAsideRows: rows.map((row) => ({ ...row, at: isoTime(row.at) })) });
  else for (const line of pollDetail(poll, rows, speakerFor(config), screen.columns)) screen.print(line);
  return 0;
}

const WIDE = ['Poll', 'Account', 'Kind', 'Began', 'Took', 'Result', 'Requests', 'Tasks'].map((heading) => ({
  heading,
  shrinks: heading === 'Account',
}));
const NARROW = WIDE.filter(({ heading }) => heading !== 'Took');

/** Where the terminal is too narrow for whole times, their zone stands once below, and `polls ID` says how long each took. */
export function pollsTable(records: readonly PollRecord[], speaker: Speaker, width: number): readonly string[] {
  const below = records.map(reasonOf);
  const rows = (time: Speaker['time'], tooks: (poll: PollRecord) => readonly string[]) =>
    records.map((poll) => [
      String(poll.id),
      speaker.outside(poll.account),
      poll.kind,
      time(poll.startedAt),
      ...tooks(poll),
      poll.result ?? 'under way',
      countOrUnknown(poll.requests),
      countOrUnknown(tasksSeen(poll.sets)),
    ]);
  const wide = rows(speaker.time, ({ startedAt, endedAt }) => [endedAt === null ? '' : took(startedAt, endedAt)]);
  return fittingTable(
    { columns: WIDE, rows: wide, below },
    (time) => ({ columns: NARROW, rows: rows(time, () => []), below }),
    speaker,
    width,
  );
}

/** Why it was not whole, and what an audit found. */
function reasonOf({ reason, sets }: PollRecord): string | null {
  const found = sets.flatMap((set) => (set.found === undefined ? [] : [set.found]));
  const news = found.filter(({ pending, open, closed }) => pending + open + closed > 0);
  const says = news.map((each) => `found what no poll had shown: ${foundWords(each)}`);
  return [...(reason === null ? [] : [reason]), ...says].join('; ') || null;
}

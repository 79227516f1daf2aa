import { textTable } from '../lib/text-table.ts';
import type { Speaker } from '../messages/speak.ts';
import type { PollRecord } from '../model/poll.ts';
import type { ExitCode } from './exit-code.ts';
import { isoTime, printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withReasons } from './with-reasons.ts';
import { withStore } from './with-store.ts';

export interface PollsOptions extends CommonOptions {
  readonly account?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `polls`: the ledger, newest first: what each poll read and whether it was whole. */
export async function polls(options: PollsOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { account, limit } = options;
  const filter = account === undefined ? { limit } : { account, limit };
  const records = await withStore(read.config, 'reader', (store) => store.polls(filter));
  if (options.json === true) printJson(screen, records.map(pollJson));
  else if (records.length === 0) screen.print('There was no poll yet.');
  else for (const line of pollsTable(records, speakerFor(read.config), screen.columns)) screen.print(line);
  return 0;
}

const HEADINGS = ['Poll', 'Account', 'Kind', 'Began', 'Took', 'Result', 'Requests', 'Tasks'];

function pollsTable(records: readonly PollRecord[], speaker: Speaker, width: number): readonly string[] {
  const columns = HEADINGS.map((heading) => ({ heading, shrinks: heading === 'Account' }));
  const rows = records.map((poll) => [
    String(poll.id),
    speaker.outside(poll.account),
    poll.kind,
    speaker.time(poll.startedAt),
    poll.endedAt === null ? '' : `${((poll.endedAt - poll.startedAt) / 1000).toFixed(1)} s`,
    poll.result ?? 'under way',
    String(poll.requests),
    String(poll.sets.reduce((sum, set) => sum + set.distinct, 0)),
  ]);
  const reasons = records.map(({ reason }) => reason);
  return withReasons(textTable(columns, rows, width), reasons, width);
}

function pollJson(poll: PollRecord) {
  const { startedAt, endedAt, checkpointBefore, checkpointAfter, ...rest } = poll;
  return {
    ...rest,
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
    checkpointBefore: isoTime(checkpointBefore),
    checkpointAfter: isoTime(checkpointAfter),
  };
}

import type { Config } from '../config/config.ts';
import { muteJson } from '../json/silence-json.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import { covers, type Mute } from '../model/silence.ts';
import { muteOfTask, NAME_MAX, REASON_MAX } from '../model/silence-terms.ts';
import { matchText } from '../model/task-match.ts';
import type { Store } from '../store/store.ts';
import type { ExitCode } from './exit-code.ts';
import { findTask } from './find-task.ts';
import { readMatch } from './match-option.ts';
import { muteList } from './mute-list.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { readShortText } from './short-text.ts';
import { speakerFor } from './speaker-for.ts';
import { readUntil } from './until-option.ts';
import { withStore } from './with-store.ts';

export interface MuteOptions extends CommonOptions {
  readonly match?: readonly string[];
  readonly until?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly dataLoss?: boolean;
  readonly account?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

type NewMute = Omit<Mute, 'id' | 'at'>;
type Problem = { readonly problem: string; readonly code: ExitCode };

/** `mute`: keeps what is said of one task, or of those that match, to digests until a stated end. */
export async function mute(id: string | undefined, options: MuteOptions, screen: Screen): Promise<ExitCode> {
  if (options.list === true) return muteList(options, screen);
  const now = systemClock.now();
  const wrong = wrongUsage(id, options);
  const terms = wrong === null ? readTerms(options, now) : { problem: wrong };
  if ('problem' in terms) {
    screen.complain(terms.problem);
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { config } = read;
  const made = await withStore(config, 'guest', async (store) => {
    const target = await readTarget(store, id, options, config);
    if ('problem' in target) return target;
    const muted = await store.mute({ ...terms, ...target }, now);
    return { muted, ...(await reach(store, muted)) };
  });
  if ('problem' in made) {
    screen.complain(made.problem);
    return made.code;
  }
  const { muted, covered, spared } = made;
  if (options.json === true) {
    printJson(screen, { mute: muteJson(muted), covered, dataLossNotCovered: spared });
    return 0;
  }
  const what = muted.target.kind === 'task' ? `task ${muted.target.taskId}` : matchText(muted.target.match);
  screen.print(
    `Mute ${muted.id}: ${what} is muted until ${speakerFor(config).time(muted.until)}; of the tasks that wait now it covers ${covered}. Digests still show them, and what still waits at its end is told then.`,
  );
  if (spared > 0)
    screen.print(`${spared} more may lose data and ${spared === 1 ? 'is' : 'are'} not covered without --data-loss.`);
  return 0;
}

const NOTHING_NAMED =
  'Say what to mute: the ID of a task, as in `repairwatch mute rep-xxxxxxx1 --until 8h --reason "moved"`, or conditions, as in `--match account=test`; `repairwatch mute --list` shows what is muted.';

function wrongUsage(id: string | undefined, { match, until, reason }: MuteOptions): string | null {
  if (id === undefined && match === undefined) return NOTHING_NAMED;
  if (id !== undefined && match !== undefined) return 'Say what to mute: the ID of a task, or --match, not both.';
  if (until === undefined) return 'A mute has an end: say --until with a duration such as 8h, or a time with its zone.';
  return reason === undefined ? 'Say why with --reason, for those who read it later.' : null;
}

function readTerms(
  options: MuteOptions,
  now: EpochMs,
): Pick<NewMute, 'until' | 'reason' | 'by'> | { readonly problem: string } {
  const until = readUntil(options.until ?? '', now);
  if (typeof until !== 'number') return until;
  const reason = readShortText('--reason', options.reason ?? '', REASON_MAX);
  if (typeof reason !== 'string') return reason;
  if (options.by === undefined) return { until, reason, by: null };
  const by = readShortText('--by', options.by, NAME_MAX);
  return typeof by === 'string' ? { until, reason, by } : by;
}

async function readTarget(
  store: Store,
  id: string | undefined,
  { match, account, dataLoss = false }: MuteOptions,
  config: Config,
): Promise<Pick<NewMute, 'target' | 'dataLoss'> | Problem> {
  if (id === undefined) {
    const read = readMatch(
      match ?? [],
      config.accounts.map(({ name }) => name),
    );
    return 'problem' in read
      ? { problem: read.problem, code: 2 }
      : { target: { kind: 'match', match: read }, dataLoss };
  }
  const found = await findTask(store, id, account, config);
  if ('problem' in found) return { problem: found.problem, code: 1 };
  const { task } = found;
  if (found.ending !== null) return { problem: `Task ${task.taskId} is over; nothing more is said of it.`, code: 1 };
  return muteOfTask(found.account, task, dataLoss);
}

/** How many waiting tasks it covers, and how many it would cover with `--data-loss`. */
async function reach(store: Store, muted: Mute): Promise<{ readonly covered: number; readonly spared: number }> {
  const waiting = await store.openTasks({ pendingOnly: true });
  const count = (mute: Mute): number => waiting.filter(({ account, task }) => covers(mute, account, task)).length;
  const covered = count(muted);
  return { covered, spared: count({ ...muted, dataLoss: true }) - covered };
}

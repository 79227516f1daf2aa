import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import { cutToWidth, displayWidth } from '../lib/text-width.ts';
import { type BackfillProgress, type OnBackfill, sumProgress } from '../poll/backfill-progress.ts';

/** The last line of a terminal, which shows how far the backfills are. */
export interface ProgressBar {
  readonly show: OnBackfill;
  /** Writes whole lines to the same terminal, so that the bar stays below them. */
  below(stream: Pick<Terminal, 'write'>): (line: string) => void;
}

/** What is used of `process.stderr`. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  write(text: string): boolean;
}

const REDRAW_MS = SECOND_MS / 5;
const USUAL_COLUMNS = 80;
/** Back to the line's first column, and what stands there is erased. */
const ERASE = `\r${String.fromCharCode(0x1b)}[K`;

/** A bar on this stream; null where it is no terminal that can erase a line. It has no colour, so NO_COLOR asks nothing of it. */
export function progressBar(terminal: Terminal, env: NodeJS.ProcessEnv, clock: Clock): ProgressBar | null {
  if (terminal.isTTY !== true || env['TERM'] === 'dumb') return null;
  const backfills = new Map<string, BackfillProgress>();
  let shown = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (line: string): void => {
    shown = line;
    terminal.write(`${ERASE}${line}`);
  };
  return {
    show(progress) {
      backfills.set(progress.account, progress);
      const sum = sumProgress([...backfills.values()]);
      const now = clock.monotonic();
      if (!sum.over && now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const columns = Number(env['COLUMNS'] ?? '') || terminal.columns || USUAL_COLUMNS;
      if (!sum.over) draw(barLine([...backfills.keys()], sum, columns - 1));
      else if (shown !== '') draw('');
    },
    below: (stream) => (line) => {
      if (shown === '') {
        stream.write(line);
        return;
      }
      terminal.write(ERASE);
      stream.write(line);
      terminal.write(shown);
    },
  };
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 6;

/** `prod history [=====     ]  50 %  1500 of about 3000, 90 tasks/s, 17 s left`, at most so many columns wide. */
export function barLine(
  accounts: readonly string[],
  { tasks, total, tasksPerSecond, secondsLeft }: Omit<BackfillProgress, 'account'>,
  columns: number,
): string {
  const [only = ''] = accounts;
  const name = accounts.length === 1 ? `${only} history` : `history of ${accounts.length} accounts`;
  const share = total === null || total === 0 ? null : Math.min(1, tasks / total);
  const says = [
    total === null ? `${tasks} tasks` : `${tasks} of about ${total}`,
    ...(tasksPerSecond > 0 ? [`${Math.round(tasksPerSecond)} tasks/s`] : []),
    ...(secondsLeft === null ? [] : [`${durationShort(secondsLeft * SECOND_MS)} left`]),
  ].join(', ');
  const percent = share === null ? '' : `${String(Math.floor(share * 100)).padStart(3)} %`;
  const room = columns - displayWidth(name) - displayWidth(says) - percent.length - '  []  '.length;
  const bar = share === null || room < SHORTEST_BAR ? [] : [drawnBar(share, Math.min(room, LONGEST_BAR)) + percent];
  return cutToWidth([name, ...(bar.length === 0 && percent !== '' ? [percent.trim()] : bar), says].join('  '), columns);
}

function drawnBar(share: number, width: number): string {
  return `[${'='.repeat(Math.floor(share * width)).padEnd(width)}]`;
}

function durationShort(ms: number): string {
  if (ms < 90 * SECOND_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < 90 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.floor(ms / HOUR_MS)} h ${Math.round((ms % HOUR_MS) / MINUTE_MS)} min`;
}

import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../lib/clock.ts';
import type { ViewStore } from '../../../store/store.ts';
import { calendarOf, type Day, spansOfDays } from './calendar.ts';
import type { DayOfRepairs } from './past.ts';

/** After so long others have their turn: a day of a large fleet takes a few milliseconds. */
const TURN_MS = 5;

/** Reads the repairs that began in the last so many days of a zone; days that have ended once for all readers, until anything that is shown changes. */
export function daysOfRepairs(
  view: Pick<ViewStore, 'version' | 'startedRepairs'>,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): (count: number, timeZone: string) => Promise<readonly DayOfRepairs[]> {
  let kept: { readonly of: string; readonly days: Promise<readonly DayOfRepairs[]> } | null = null;
  return async (count, timeZone) => {
    const spans = spansOfDays(clock.now(), count, calendarOf(timeZone));
    const ended = spans.slice(0, -1);
    // What changes while the days are read has another version by the next request.
    const of = [await view.version(), timeZone, count, ended.at(-1)?.name].join(' ');
    if (kept?.of !== of) {
      const reading = { of, days: read(view, ended, clock) };
      kept = reading;
      reading.days.catch(() => {
        if (kept === reading) kept = null;
      });
    }
    return [...(await kept.days), ...(await read(view, spans.slice(-1), clock))];
  };
}

async function read(
  view: Pick<ViewStore, 'startedRepairs'>,
  spans: readonly Day[],
  clock: Pick<Clock, 'monotonic'>,
): Promise<readonly DayOfRepairs[]> {
  const days: DayOfRepairs[] = [];
  let begun = clock.monotonic();
  for (const { name, from, to } of spans) {
    days.push({ name, repairs: await view.startedRepairs(from, to) });
    if (clock.monotonic() - begun < TURN_MS) continue;
    await setImmediate();
    begun = clock.monotonic();
  }
  return days;
}

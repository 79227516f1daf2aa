import { type EpochMs, systemClock } from '../lib/clock.ts';
import { formatDuration } from '../lib/duration.ts';
import type { Beat } from '../store/store.ts';
import type { ExitCode } from './exit-code.ts';
import { isoTime, printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { withStore } from './with-store.ts';

export interface HealthOptions extends CommonOptions {
  readonly json?: boolean;
}

/** `health`: whether every loop of the service has beaten in time, judged from the store alone. */
export async function health(options: HealthOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const beats = await withStore(read.config, 'reader', (store) => store.beats());
  const now = systemClock.now();
  const silent = beats.filter((beat) => !isAlive(beat, now));
  const alive = beats.length > 0 && silent.length === 0;
  if (options.json === true) {
    const loops = beats.map((beat) => ({ loop: beat.loop, alive: isAlive(beat, now), lastBeatAt: isoTime(beat.at) }));
    printJson(screen, { alive, loops });
  } else if (alive) {
    screen.print(`alive: ${beats.length} loops beat, the last one ${ago(Math.max(...beats.map(({ at }) => at)), now)}`);
  } else {
    const lines =
      beats.length === 0
        ? ['no loop has ever beaten; start `repairwatch run`']
        : silent.map((beat) => silence(beat, now));
    for (const line of lines) screen.print(`not alive: ${line}`);
  }
  return alive ? 0 : 1;
}

function isAlive({ at, withinMs }: Beat, now: EpochMs): boolean {
  return at + withinMs > now;
}

function silence({ loop, at, withinMs }: Beat, now: EpochMs): string {
  return `loop "${loop}" is silent since ${isoTime(at)} (${ago(at, now)}); it should beat within ${formatDuration(withinMs)}`;
}

function ago(at: EpochMs, now: EpochMs): string {
  return `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
}

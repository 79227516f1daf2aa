import { type EpochMs, systemClock } from '../lib/clock.ts';
import { formatDuration } from '../lib/duration.ts';
import { isoTime } from '../lib/iso-time.ts';
import { diskTrouble } from '../store/disk-room.ts';
import type { Beat } from '../store/store.ts';
import { NOT_WRITABLE } from '../watch/loop-names.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
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
  const disk = diskTrouble(read.config.store);
  const alive = disk === null && beats.length > 0 && silent.length === 0;
  if (options.json === true) {
    const loops = beats.map((beat) => ({ loop: beat.loop, alive: isAlive(beat, now), lastBeatAt: isoTime(beat.at) }));
    printJson(screen, { alive, disk, loops });
  } else if (alive) {
    screen.print(`alive: ${beats.length} loops beat, the last one ${ago(Math.max(...beats.map(({ at }) => at)), now)}`);
  } else {
    screen.print(`not alive: ${disk ?? problem(beats, silent, now)}`);
  }
  return alive ? 0 : 1;
}

function isAlive({ at, withinMs }: Beat, now: EpochMs): boolean {
  return at + withinMs > now;
}

/** One sentence, whatever is wrong. */
function problem(beats: readonly Beat[], silent: readonly Beat[], now: EpochMs): string {
  const [first] = silent.toSorted((a, b) => a.at - b.at);
  if (first === undefined) return 'no loop has ever beaten; start `repairwatch run`';
  const troubled = silent.find(({ withinMs }) => withinMs === NOT_WRITABLE);
  if (troubled !== undefined)
    return `writing the store fails, which was recorded ${isoTime(troubled.at)} (${ago(troubled.at, now)}); the log of \`repairwatch run\` says why (store-unwritable)`;
  if (silent.length === 1) return silence(first, now);
  return `${silent.length} of ${beats.length} loops are silent, "${first.loop}" since ${isoTime(first.at)} (${ago(first.at, now)}); \`repairwatch run\` has ended, hangs, or cannot write its store: its log says which`;
}

function silence({ loop, at, withinMs }: Beat, now: EpochMs): string {
  return `loop "${loop}" is silent since ${isoTime(at)} (${ago(at, now)}); it should beat within ${formatDuration(withinMs)}`;
}

function ago(at: EpochMs, now: EpochMs): string {
  return `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
}

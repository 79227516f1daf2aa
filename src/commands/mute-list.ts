import { muteJson } from '../json/silence-json.ts';
import { systemClock } from '../lib/clock.ts';
import { textTable } from '../lib/text-table.ts';
import { matchText } from '../model/task-match.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withStore } from './with-store.ts';

const COLUMNS = ['Mute', 'What', 'Data loss too', 'Until', 'By', 'Since', 'Reason'].map((heading) => ({
  heading,
  shrinks: heading === 'Reason' || heading === 'What',
}));

/** `mute --list`: the mutes that hold now. */
export async function muteList(
  options: CommonOptions & { readonly json?: boolean },
  screen: Screen,
): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { mutes } = await withStore(read.config, 'reader', (store) => store.silences(systemClock.now()));
  if (options.json === true) {
    printJson(screen, mutes.map(muteJson));
    return 0;
  }
  const speaker = speakerFor(read.config);
  const rows = mutes.map(({ id, target, dataLoss, until, by, at, reason }) => [
    String(id),
    speaker.outside(target.kind === 'task' ? `${target.taskId} (${target.account})` : matchText(target.match), 200),
    dataLoss ? 'yes' : 'no',
    speaker.time(until),
    speaker.outside(by ?? ''),
    speaker.time(at),
    speaker.outside(reason, 200),
  ]);
  if (rows.length === 0) screen.print('Nothing is muted.');
  else for (const line of textTable(COLUMNS, rows, screen.columns)) screen.print(line);
  return 0;
}

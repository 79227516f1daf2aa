import { muteJson } from '../json/silence-json.ts';
import { systemClock } from '../lib/clock.ts';
import type { Mute } from '../model/silence.ts';
import { NAME_MAX } from '../model/silence-terms.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { readShortText } from './short-text.ts';
import { withStore } from './with-store.ts';

export interface UnmuteOptions extends CommonOptions {
  readonly all?: boolean;
  readonly by?: string;
  readonly json?: boolean;
}

/** `unmute`: ends mutes before their time; what still waits and was held back is told once. */
export async function unmute(which: string | undefined, options: UnmuteOptions, screen: Screen): Promise<ExitCode> {
  if ((which === undefined) === (options.all !== true)) {
    screen.complain('Say which mutes to end: the number of one (`mute --list`), the ID of a task, or --all.');
    return 2;
  }
  const by = options.by === undefined ? null : readShortText('--by', options.by, NAME_MAX);
  if (typeof by === 'object' && by !== null) {
    screen.complain(by.problem);
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const now = systemClock.now();
  const ended = await withStore(read.config, 'guest', async (store) => {
    const { mutes } = await store.silences(now);
    const meant = mutes.filter((mute) => which === undefined || isMeant(mute, which));
    return store.unmute(
      meant.map(({ id }) => id),
      by,
      now,
    );
  });
  if (options.json === true) printJson(screen, { ended: ended.map(muteJson) });
  else if (ended.length > 0) screen.print(`No longer muted: ${ended.map(({ id }) => `mute ${id}`).join(', ')}.`);
  else if (which === undefined) screen.print('Nothing is muted.');
  if (which === undefined || ended.length > 0) return 0;
  screen.complain(`No mute has the number or the task "${which}"; \`repairwatch mute --list\` shows them.`);
  return 1;
}

function isMeant({ id, target }: Mute, which: string): boolean {
  return String(id) === which || (target.kind === 'task' && target.taskId === which);
}

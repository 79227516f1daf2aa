import type { Config } from '../config/config.ts';
import { cleanLine } from '../lib/clean-text.ts';
import { systemClock } from '../lib/clock.ts';
import type { MovedOn } from '../store/store.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { withStore } from './with-store.ts';

export interface RequeueOptions extends CommonOptions {
  readonly channel?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `requeue`: dead messages wait again, under the same keys; the service, or the next `once`, sends them. */
export async function requeue(key: string | undefined, options: RequeueOptions, screen: Screen): Promise<ExitCode> {
  const { channel, all } = options;
  if ([key !== undefined, channel !== undefined, all === true].filter(Boolean).length !== 1) {
    screen.complain('Say which dead messages to send again: a KEY, or --channel NAME, or --all.');
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { channels } = read.config;
  if (channel !== undefined && !channels.some(({ name }) => name === channel)) {
    screen.complain(`There is no channel "${channel}"; there are ${channels.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const names = channel === undefined ? channels.map(({ name }) => name) : [channel];
  const { keys, moved, dead } = await withStore(read.config, 'guest', async (store) => {
    const requeued: string[] = [];
    // What waits for a channel that is no longer configured would wait for ever.
    for (const name of names) {
      const which = { ...(key !== undefined && { key }), channel: name };
      requeued.push(...(await store.requeue(which, systemClock.now(), tellOver(read.config))));
    }
    return { keys: requeued, moved: await store.movedOn(requeued), dead: (await store.backlog()).dead };
  });
  if (options.json === true) printJson(screen, { requeued: keys, changedSince: moved });
  else if (keys.length > 0) {
    screen.print(`${keys.length} waiting again: ${keys.join(' ')}`);
    for (const line of moved.map(movedLine)) screen.print(line);
  } else if (key === undefined && (channel !== undefined || dead === 0)) screen.print('No message is dead.');
  if (all === true && dead > 0) screen.complain(stayDead(dead));
  if (key === undefined || keys.length > 0) return 0;
  screen.complain(
    `No dead message of a configured channel has the key "${key}"; \`repairwatch deliveries --state dead\` shows them.`,
  );
  return 1;
}

function stayDead(count: number): string {
  const which = count === 1 ? '1 stays dead, since its channel is' : `${count} stay dead, since their channels are`;
  return `${which} no longer configured; \`repairwatch deliveries --state dead\` shows which.`;
}

const IDS_SHOWN = 5;

/** Whoever sends a message again should know what is no longer so, and whether it is certain to go out as it was made. */
function movedLine({ key, taskIds, frozen }: MovedOn): string {
  const shown = taskIds.slice(0, IDS_SHOWN).map(cleanLine).join(' ');
  const more = taskIds.length > IDS_SHOWN ? ` and ${taskIds.length - IDS_SHOWN} more` : '';
  const have = taskIds.length === 1 ? 'has' : 'have';
  const how = frozen ? 'as it was made' : 'as it was made (where its channel is down, as things are when it returns)';
  return `${key} goes out ${how}, but ${shown}${more} ${have} changed since; \`repairwatch explain TASK-ID\` shows a task as it is now.`;
}

/** Whoever was told that it was dead. */
function tellOver({ operator }: Config): (channel: string) => readonly string[] {
  return (channel) => {
    const others = operator.channels.filter((name) => name !== channel);
    return others.length > 0 ? others : operator.channels;
  };
}

import { systemClock } from '../lib/clock.ts';
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
  const which = { ...(key !== undefined && { key }), ...(channel !== undefined && { channel }) };
  const keys = await withStore(read.config, 'guest', (store) => store.requeue(which, systemClock.now()));
  if (options.json === true) printJson(screen, { requeued: keys });
  else if (keys.length > 0) screen.print(`${keys.length} waiting again: ${keys.join(' ')}`);
  else if (key === undefined) screen.print('No message is dead.');
  if (key === undefined || keys.length > 0) return 0;
  screen.complain(`No dead message has the key "${key}"; \`repairwatch deliveries --state dead\` shows them.`);
  return 1;
}

import { systemClock } from '../lib/clock.ts';
import { readPostgresUrl } from '../lib/postgres-url.ts';
import { Secret } from '../lib/secret.ts';
import { copyToPostgres } from '../store/copy-store.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';

export interface StoreCopyOptions extends CommonOptions {
  readonly to?: string;
  readonly json?: boolean;
}

/** `store copy`: everything that the SQLite store knows, into an empty PostgreSQL database; counted on both sides. */
export async function storeCopy(options: StoreCopyOptions, screen: Screen): Promise<ExitCode> {
  const address = readPostgresUrl(new Secret(options.to ?? ''));
  if ('problem' in address) {
    screen.complain(`--to ${address.problem}.`);
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { store } = read.config;
  if (store.engine !== 'sqlite') {
    screen.complain('"store" of the configuration is in PostgreSQL already; it must be the SQLite store to copy.');
    return 2;
  }
  const counts = await copyToPostgres(store.path, address, systemClock, () => undefined);
  if (options.json === true) {
    printJson(screen, { from: store.path, to: address.place, tables: counts });
    return 0;
  }
  for (const { table, to } of counts)
    screen.print(`${table.padEnd(16)} ${String(to).padStart(9)} rows, as many as before`);
  screen.print(`${store.path} is copied to ${address.place}; name that in "store" of the configuration now.`);
  return 0;
}

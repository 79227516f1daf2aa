import { backUp } from '../store/back-up.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';

export interface StoreBackupOptions extends CommonOptions {
  readonly to?: string;
  readonly json?: boolean;
}

/** `store backup`: the SQLite store as it is at this moment in one file, also beside a running service. */
export async function storeBackup(options: StoreBackupOptions, screen: Screen): Promise<ExitCode> {
  const { to = '', json = false } = options;
  if (to === '' || /^\w+:\/\//.test(to)) {
    screen.complain('--to must be the file of the backup.');
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { store } = read.config;
  if (store.engine !== 'sqlite') {
    screen.complain(
      '"store" of the configuration is in PostgreSQL; back that up with pg_dump, as docs/operations.md says.',
    );
    return 2;
  }
  const bytes = await backUp(store.path, to);
  if (json) printJson(screen, { from: store.path, to, bytes });
  else screen.print(`${store.path} is backed up to ${to}, ${(bytes / 1e6).toFixed(1)} MB.`);
  return 0;
}

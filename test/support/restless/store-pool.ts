import { migrate } from '../../../src/store/migrate.ts';
import { MIGRATIONS } from '../../../src/store/migrations/all.ts';
import { sqlStore } from '../../../src/store/sql-store.ts';
import { SqliteFile } from '../../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../../src/store/sqlite-database.ts';
import type { Store } from '../../../src/store/store.ts';

/** The real store, in memory, that can be emptied: to open one costs as much as a whole case of the property. */
export interface EmptiableStore {
  readonly store: Store;
  empty(): void;
}

export async function openEmptiableStore(): Promise<EmptiableStore> {
  const file = new SqliteFile(':memory:', { readOnly: false, timeoutMs: 0 });
  const db = new SqliteDatabase(file, { alone: true });
  await migrate(db, ':memory:', MIGRATIONS, 0);
  const kept = `'meta', 'migration', 'sqlite_sequence', 'sqlite_stat1', 'id_sequence'`;
  const tables = file.all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN (${kept})`);
  const wipe = tables.map(({ name }) => `DELETE FROM "${name}";`).join(' ');
  return {
    store: sqlStore(db),
    empty: () => file.exec(`PRAGMA foreign_keys = OFF; BEGIN; ${wipe} COMMIT; PRAGMA foreign_keys = ON`),
  };
}

import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import { sqlStore } from '../../src/store/sql-store.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import { ADDING } from '../support/next-schema.ts';
import { T0 } from '../support/store-world.ts';
import { describeStore } from './store.ts';

describeStore('SQLite', () => openMemoryStore({ now: () => T0 }));

describeStore('SQLite to which the next version has added', async () => {
  const db = new SqliteDatabase(new SqliteFile(':memory:', { readOnly: false, timeoutMs: 0 }));
  await migrate(db, 'in memory', [...MIGRATIONS, ADDING], T0);
  await db.write((sql) => sql.run(`INSERT INTO meta (name, value) VALUES ('store_id', 'one')`));
  return sqlStore(db);
});

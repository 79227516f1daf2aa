import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../support/postgres-server.ts';
import { T0 } from '../support/store-world.ts';
import { describeStore } from './store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

describeStore('PostgreSQL', async () => {
  return openPostgresStore(postgresAddress(await server.newStore()), {
    migrates: true,
    clock: { ...systemClock, now: () => T0 },
  });
});

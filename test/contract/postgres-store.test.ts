import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { readPostgresUrl } from '../../src/lib/postgres-url.ts';
import { Secret } from '../../src/lib/secret.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { T0 } from '../support/store-world.ts';
import { describeStore } from './store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

describeStore('PostgreSQL', async () => {
  const address = readPostgresUrl(new Secret(await server.newStore()));
  if ('problem' in address) throw new Error(address.problem);
  return openPostgresStore(address, { migrates: true, clock: { ...systemClock, now: () => T0 } });
});

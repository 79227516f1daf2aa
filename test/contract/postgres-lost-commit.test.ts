import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openPostgresDatabase } from '../../src/store/postgres-store.ts';
import { int, only } from '../../src/store/row.ts';
import { listenOnLoopback, pairOf } from '../support/postgres-proxy.ts';
import { postgresAddress, startPostgres } from '../support/postgres-server.ts';

it('a commit that went down with the server is not taken for the one that got its number afterwards', async () => {
  const server = await startPostgres();
  let isArmed = false;
  let atCommit: () => void = () => undefined;
  const proxy = await listenOnLoopback((client) => {
    const backend = connect(server.port, '127.0.0.1');
    pairOf(client, backend);
    backend.on('data', (bytes) => void client.write(bytes));
    client.on('data', (bytes) => {
      if (isArmed && bytes.includes('COMMIT')) atCommit();
      else backend.write(bytes);
    });
  });
  const url = await server.newStore();
  const other = await openPostgresDatabase(postgresAddress(url), { migrates: true, clock: systemClock });
  // Between two questions for what became of its commit, the server comes back and the other replica writes.
  const back = Promise.withResolvers<void>();
  const clock = { ...systemClock, sleep: () => back.promise };
  const address = postgresAddress(url.replace(String(server.port), String(proxy.port)));
  const db = await openPostgresDatabase(address, { migrates: false, clock });
  const line = (who: string) => `INSERT INTO meta (name, value) VALUES ('${who}', '')`;
  await db.write((sql) => sql.run(line('before')));

  isArmed = true;
  const down = new Promise<void>((resolve) => {
    atCommit = () => {
      isArmed = false;
      resolve(server.kill());
    };
  });
  let tries = 0;
  const written = db.write((sql) => {
    tries += 1;
    return sql.run(line('mine'));
  });
  await down;
  await server.start();
  await other.write((sql) => sql.run(line('theirs')));
  back.resolve();
  await written;
  const found = await other.read((sql) => sql.all(`SELECT COUNT(*) AS n FROM meta WHERE name IN ('mine', 'theirs')`));
  expect([int(only(found), 'n'), tries]).toEqual([2, 2]);
  await Promise.all([db.close(), other.close()]);
  await proxy.close();
  await server.close();
});

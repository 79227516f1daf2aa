import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { inspectPostgres } from '../../src/store/inspect-postgres.ts';
import { PostgresDatabase } from '../../src/store/postgres-database.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { type PostgresServer, postgresAddress, SERVER_UID, startPostgres } from '../support/postgres-server.ts';
import { TLS_IDENTITY } from '../support/tls-identity.ts';

const clock = { ...systemClock, sleep: async () => undefined };

/** It speaks TLS, under a name that is not its own, and asks the role `careful` for a password. */
let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repairwatch-greeting-'));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  file('empty', '\n');
  file('garbage', 'no certificate\n');
  const [cert, key] = [file('server.crt', TLS_IDENTITY.cert), file('server.key', TLS_IDENTITY.key)];
  if (process.getuid?.() === 0) for (const path of [folder, cert, key]) chownSync(path, SERVER_UID, SERVER_UID);
  server = await startPostgres({ ssl: 'on', ssl_cert_file: cert, ssl_key_file: key });
  await server.ask(`CREATE ROLE careful LOGIN PASSWORD 'right'`);
  const hba = String((await server.ask('SHOW hba_file'))[0]?.['hba_file']);
  writeFileSync(hba, `host all careful all scram-sha-256\n${readFileSync(hba, 'utf8')}`);
  await server.kill();
  await server.start();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function troubleOf(user: string, options: string): Promise<unknown> {
  const url = `postgres://${user}@127.0.0.1:${server.port}/postgres?${options.replaceAll('$', folder)}`;
  const db = new PostgresDatabase(postgresAddress(url), clock);
  return await db
    .read((sql) => sql.all('SELECT 1 AS one'))
    .then(
      () => db.close(),
      (error) => db.close().then(() => error),
    );
}

it.each([
  ['no password', 'careful', '', /^The store \S+ refused the login; check user and password/],
  ['an empty password', 'careful', 'passwordFile=$/empty', /^The store \S+ refused the login/],
  ['a wrong password', 'careful:wrong', '', /^The store \S+ refused the login/],
  [
    'no password file',
    'careful',
    'passwordFile=$/none',
    /^The file \S+\/none, which "store" names as passwordFile, cannot be read/,
  ],
  [
    'no certificates',
    'repairwatch',
    'sslmode=verify-full&sslrootcert=$/none',
    /^The file \S+\/none, which "store" names as sslrootcert/,
  ],
  [
    'an unknown authority',
    'repairwatch',
    'sslmode=verify-full',
    /^The store \S+ showed a certificate that is not trusted \(.+\); name the file/,
  ],
  [
    'another name',
    'repairwatch',
    'sslmode=verify-full&sslrootcert=$/server.crt',
    /^The store \S+ showed a certificate that is not trusted \(.+\); name/,
  ],
  [
    'certificates that are none',
    'repairwatch',
    'sslmode=verify-full&sslrootcert=$/garbage',
    /^The store \S+ (showed a certificate that|cannot be reached by TLS)/,
  ],
])('says in one sentence what is wrong with %s', async (_, user, options, sentence) => {
  const trouble = await troubleOf(user, options);
  expect(trouble).toBeInstanceOf(StoreError);
  expect(String(trouble).replace('StoreError: ', '')).toMatch(sentence);
});

it('takes any certificate where TLS is only required', async () => {
  expect(await troubleOf('repairwatch', 'sslmode=require')).toBeUndefined();
});

it('a schema that does not exist is not taken for a right that is missing', async () => {
  const url = `postgres://repairwatch@127.0.0.1:${server.port}/postgres?schema=nowhere`;
  const { problem } = await inspectPostgres(postgresAddress(url), systemClock);
  expect(problem).toMatch(/^The store \S+ has no such schema that this user may see; create it/);
});

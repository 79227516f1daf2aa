import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type ClientConfig, types } from 'pg';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { readSmallFile } from '../lib/read-small-file.ts';
import { ServerGone } from './postgres-trouble.ts';
import { StoreError } from './store-error.ts';

const INT8 = 20;
const NUMERIC = 1700;
/** Counts and moments are below 2^53, so numbers hold them. */
const TYPES: NonNullable<ClientConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format as 'text'),
};

const CONNECT_MS = 5_000;
/** Of one answer, beyond the server's own limit: a connection on which nothing comes is given up. */
const ANSWER_MS = 40_000;

/**
 * A few connections to whichever of the named servers may be written. Holds nothing of a session between two uses, so that a pooler
 * may stand in between.
 */
export class PostgresPool {
  readonly #address: PostgresAddress;
  readonly #idle: Client[] = [];
  readonly #waiting: (() => void)[] = [];
  #used = 0;
  /** The server that answered last; asked first. */
  #host = 0;
  #closed = false;

  constructor(address: PostgresAddress) {
    this.#address = address;
  }

  /** Lends a connection to `work`; one that `work` rejects with is not used again unless `isSound` says so. */
  async use<T>(work: (client: Client) => Promise<T>, isSound: (error: unknown) => boolean): Promise<T> {
    const client = await this.#take();
    try {
      const result = await work(client);
      this.#give(client);
      return result;
    } catch (error) {
      if (isSound(error)) this.#give(client);
      else this.#drop(client);
      throw error;
    }
  }

  /** After a server said that it may not be written: the others are asked first. */
  forgetServer(): void {
    this.#host += 1;
    for (const client of this.#idle.splice(0)) this.#end(client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((client) => client.end().catch(() => undefined))); // it is gone either way
  }

  async #take(): Promise<Client> {
    while (!this.#closed) {
      const idle = this.#idle.pop();
      if (idle === undefined && this.#used >= this.#address.poolSize) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      this.#used += 1;
      if (idle !== undefined) return idle;
      try {
        return await this.#connect();
      } catch (error) {
        this.#free();
        throw error;
      }
    }
    throw new ServerGone('it was closed');
  }

  /** The first server that answers; the last one's trouble when none does. */
  async #connect(): Promise<Client> {
    const { hosts } = this.#address;
    let trouble: unknown = new ServerGone('no server is named');
    for (let tried = 0; tried < hosts.length; tried += 1) {
      const host = hosts[(this.#host + tried) % hosts.length];
      if (host === undefined) continue;
      try {
        const client = await this.#open(host);
        this.#host = (this.#host + tried) % hosts.length;
        return client;
      } catch (error) {
        trouble = error;
      }
    }
    throw trouble;
  }

  async #open({ host, port }: PostgresAddress['hosts'][number]): Promise<Client> {
    const { user, database } = this.#address;
    const client = new Client({
      host,
      port,
      user,
      database,
      ssl: tlsOf(this.#address, host),
      password: passwordOf(this.#address),
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      // What is asked for without awaiting each answer is sent at once.
      pipeline: true,
      application_name: 'repairwatch',
      types: TYPES,
    });
    // An idle connection that the server ends says so here; the next use finds it gone.
    client.on('error', () => this.#forget(client));
    try {
      await client.connect();
      if (this.#address.hosts.length > 1) await requireWritable(client, `${host}:${port}`);
      return client;
    } catch (error) {
      this.#end(client);
      throw error;
    }
  }

  #give(client: Client): void {
    if (this.#closed) this.#end(client);
    else this.#idle.push(client);
    this.#free();
  }

  #drop(client: Client): void {
    this.#end(client);
    this.#free();
  }

  #free(): void {
    this.#used -= 1;
    this.#waiting.shift()?.();
  }

  #forget(client: Client): void {
    const at = this.#idle.indexOf(client);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** A connection that hangs does not answer its end either. */
  #end(client: Client): void {
    void Promise.race([client.end(), pause(CONNECT_MS, undefined, { ref: false })]).catch(() => undefined); // gone either way
  }
}

async function requireWritable(client: Client, place: string): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby === true) throw new ServerGone(`${place} is a standby`);
}

function tlsOf({ sslMode, rootCertificate }: PostgresAddress, host: string): NonNullable<ClientConfig['ssl']> {
  if (sslMode === 'disable') return false;
  const ca = rootCertificate === null ? {} : { ca: readNamed(rootCertificate, 'sslrootcert') };
  return { ...ca, rejectUnauthorized: sslMode === 'verify-full', ...(isIP(host) === 0 ? { servername: host } : {}) };
}

/** Read anew for each connection: the password in a file may have been changed. */
function passwordOf({ password }: PostgresAddress): string {
  if (password === null) return '';
  return 'text' in password ? password.text.reveal() : readNamed(password.file, 'passwordFile').trimEnd();
}

function readNamed(path: string, option: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      `The file ${path}, which "store" names as ${option}, cannot be read (${reason}); name one that this user may read.`,
      { cause: error },
    );
  }
}

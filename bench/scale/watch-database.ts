import { Client } from 'pg';
import { SECOND_MS } from '../../src/lib/clock.ts';
import type { PostgresServer } from '../../test/support/postgres-server.ts';
import { familyProcessorMs } from '../reading/processor.ts';

export interface DatabaseCosts {
  /** Committed, reading ones included. */
  readonly transactions: number;
  /** Of one core, all of the server's processes. */
  readonly processorShare: number;
  /** The most of the program's at once. */
  readonly connections: number;
}

/** A backend reports what it committed at most once a second. */
const REPORTED_WITHIN_MS = 1_500;

/** Looks at the server each second until the stop, which waits until everything is reported. */
export async function watchDatabase(server: Pick<PostgresServer, 'port'>): Promise<{ stop(): Promise<DatabaseCosts> }> {
  const client = new Client({ host: '127.0.0.1', port: server.port, user: 'repairwatch', database: 'postgres' });
  await client.connect();
  const number = async (statement: string): Promise<number> =>
    Number((await client.query<{ value: string }>(statement)).rows[0]?.value);
  const committed = () =>
    number('SELECT xact_commit AS value FROM pg_stat_database WHERE datname = current_database()');
  const pid = await number(`SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS value`);
  const [begun, processor, before] = [performance.now(), familyProcessorMs(pid), await committed()];
  let connections = 0;
  let looks = 0;
  const look = async (): Promise<void> => {
    looks += 1;
    const ours = `SELECT COUNT(*) AS value FROM pg_stat_activity WHERE application_name = 'repairwatch'`;
    connections = Math.max(connections, await number(ours));
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, SECOND_MS);
  return {
    async stop() {
      clearInterval(timer);
      const processorShare = (familyProcessorMs(pid) - processor) / (performance.now() - begun);
      await looking;
      await new Promise((resolve) => setTimeout(resolve, REPORTED_WITHIN_MS));
      const transactions = (await committed()) - before - looks;
      await client.end();
      return { transactions, processorShare, connections };
    },
  };
}

import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/clock.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { keyOf, openReplicaStage, PACE, type ReplicaStage } from '../support/replica-stage.ts';

const ACCOUNTS_LEASE_MS = 15 * SECOND_MS;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

/** Each with a store of its own; most of their time they wait for a lease to end, so that all run side by side. */
const scene = (name: string, play: (stage: ReplicaStage) => Promise<void>) =>
  it.concurrent(
    name,
    async () => {
      const stage = await openReplicaStage(server);
      await play(stage).finally(() => stage.close());
    },
    3 * MINUTE_MS,
  );

/** Two replicas, of which `one` has the shared key and `other` the other. */
async function startTwo(stage: ReplicaStage) {
  const first = stage.start();
  await Promise.all(['a1', 'a2', 'b'].map((account) => first.polls(account)));
  const second = stage.start();
  await second.waitForLog('lease-taken', ({ unit }) => String(unit).startsWith('accounts '));
  const unit = await stage.unitOf('shared');
  const hasShared = (await stage.holder(unit))?.pid;
  return hasShared === first.pid ? { one: first, other: second } : { one: second, other: first };
}

const withinItsPace = ({ sandbox }: ReplicaStage): void => {
  // Evenly spaced starts arrive with the network's own jitter; two replicas at once would make twice as many.
  for (const key of ['shared', 'alone'] as const)
    expect(sandbox.greatestInASecond(keyOf(key).secretId)).toBeLessThanOrEqual(PACE + 1);
};

scene('two replicas share the accounts by their keys, and a clean stop hands over at once', async (stage) => {
  const { one, other } = await startTwo(stage);
  await Promise.all([one.polls('a1'), one.polls('a2'), other.polls('b')]);
  await Promise.all([stage.tells('shared', 'rep-shared01'), stage.tells('alone', 'rep-alone001')]);
  const unit = await stage.unitOf('shared');
  one.kill('SIGTERM');
  expect(await one.exited).toMatchObject({ code: 0 });
  // Not by waiting for the lease's end: it was given back.
  expect(one.log).toContainEqual(expect.objectContaining({ event: 'lease-given-back', unit }));
  await other.waitForLog('lease-taken', (line) => line['unit'] === unit);
  await Promise.all([other.polls('a1'), other.polls('a2'), stage.tells('shared', 'rep-shared02')]);
  for (const taskId of ['rep-shared01', 'rep-shared02', 'rep-alone001']) expect(stage.timesTold(taskId)).toBe(1);
  withinItsPace(stage);
});

scene('the accounts of a killed replica are polled by the other within twice their lease', async (stage) => {
  const { one, other } = await startTwo(stage);
  await one.polls('a1');
  one.kill('SIGKILL');
  const killedAt = performance.now();
  await Promise.all([other.polls('a1'), other.polls('a2')]);
  expect(performance.now() - killedAt).toBeLessThan(2 * ACCOUNTS_LEASE_MS);
  expect(other.polled().at(-1)).toBeDefined();
  await stage.untilHeld(await stage.unitOf('shared'), (pid) => pid === other.pid);
  withinItsPace(stage);
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/clock.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { freePort } from '../support/free-port.ts';
import { ADDING } from '../support/next-schema.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import type { LogLine } from '../support/program.ts';
import {
  type KeyName,
  keyOf,
  openReplicaStage,
  PACE,
  type ReplicaProgram,
  type ReplicaStage,
} from '../support/replica-stage.ts';

/** Of everything that replicas share. */
const LEASE_MS = 15 * SECOND_MS;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

/** Each with a store of its own; most of their time they wait for a lease to end, so that all run side by side. */
const scene = (
  name: string,
  play: (stage: ReplicaStage) => Promise<void>,
  onRequest?: (arrival: Arrival) => void | Promise<void>,
) =>
  it.concurrent(
    name,
    async () => {
      const stage = await openReplicaStage(server, onRequest);
      await play(stage).finally(() => stage.close());
    },
    3 * MINUTE_MS,
  );

const takesAccounts = ({ event, unit }: LogLine): boolean =>
  event === 'lease-taken' && String(unit).startsWith('accounts ');

/** Two replicas, of which `one` has the shared key and `other` the other. */
async function startTwo(stage: ReplicaStage) {
  const first = stage.start();
  await Promise.all(['a1', 'a2', 'b'].map((account) => first.polls(account)));
  const second = stage.start();
  await second.waitForLog('lease-taken', takesAccounts);
  const unit = await stage.unitOf('shared');
  const hasShared = (await stage.holder(unit))?.pid;
  return hasShared === first.pid ? { one: first, other: second } : { one: second, other: first };
}

const withinItsPace = ({ sandbox }: ReplicaStage): void => {
  // Evenly spaced starts arrive unevenly on a busy machine; two replicas at once would make twice as many.
  for (const key of ['shared', 'alone'] as const)
    expect(sandbox.greatestInASecond(keyOf(key).secretId)).toBeLessThanOrEqual(1.5 * PACE);
};

scene('two replicas share the accounts by their keys, and a clean stop hands over at once', async (stage) => {
  const { one, other } = await startTwo(stage);
  await Promise.all([one.polls('a1'), one.polls('a2'), other.polls('b')]);
  await Promise.all([stage.tells('shared', 'rep-shared01'), stage.tells('alone', 'rep-alone001')]);
  const unit = await stage.unitOf('shared');
  one.kill('SIGTERM');
  expect(await one.exited).toMatchObject({ code: 0 });
  // Not by waiting for the lease's end: it was given back.
  const unitsOf = (event: string) =>
    new Set(one.log.filter((line) => line.event === event).map((line) => line['unit']));
  expect(unitsOf('lease-given-back')).toEqual(unitsOf('lease-taken'));
  await other.waitForLog('lease-taken', (line) => line['unit'] === unit);
  await Promise.all([other.polls('a1'), other.polls('a2'), stage.tells('shared', 'rep-shared02')]);
  for (const taskId of ['rep-shared01', 'rep-shared02', 'rep-alone001']) expect(stage.timesTold(taskId)).toBe(1);
  // However an account comes to its key.
  expect(new Set(other.log.filter(takesAccounts).map((line) => line['unit'])).size).toBe(2);
  withinItsPace(stage);
});

scene('replicas that read their configuration again tell nothing twice, and hold to the pace', async (stage) => {
  const { one, other } = await startTwo(stage);
  await stage.tells('shared', 'rep-reload01');
  const { sandbox, file } = stage;
  const account = (name: string, key: KeyName, more: object = {}) => ({
    ...{ name, endpoint: sandbox.url, ...keyOf(key), ...more },
  });
  file.change({
    accounts: [
      account('a1', 'shared', { product: 'CVM' }),
      account('b', 'alone'),
      account('c', 'alone', { product: 'CDH' }),
    ],
  });
  for (const replica of [one, other]) {
    replica.kill('SIGHUP');
    await replica.waitForLog('configuration-reloaded');
  }
  await Promise.any([one.polls('c'), other.polls('c')]);
  await Promise.all([stage.tells('shared', 'rep-reload02'), stage.tells('alone', 'rep-reload03')]);
  for (const taskId of ['rep-reload01', 'rep-reload02', 'rep-reload03']) expect(stage.timesTold(taskId)).toBe(1);
  withinItsPace(stage);
});

scene(
  'what a killed replica had goes on with the other within twice the lease: accounts, and messages that wait',
  async (stage) => {
    const { one, other } = await startTwo(stage);
    // One message on its way, whose answer never comes, and one behind it.
    stage.hook.fault({ kind: 'hang', times: 1 });
    stage.sandbox.world(keyOf('shared').secretId).add({ TaskId: 'rep-onitsway1' });
    await stage.hook.requests.until(({ body }) => body.includes('rep-onitsway1'));
    stage.sandbox.world(keyOf('alone').secretId).add({ TaskId: 'rep-waiting01' });
    await other.waitForLog('poll-finished', ({ account, open }) => account === 'b' && open === 1);
    const lane = await stage.laneOf('slack');
    const sends = await stage.holder(lane);
    const [killed, alive] = sends?.pid === one.pid ? [one, other] : [other, one];
    killed.kill('SIGKILL');
    await killed.exited;
    const { now, endsAt } = await stage.leaseEnd(lane);
    expect(endsAt - now).toBeLessThanOrEqual(LEASE_MS);
    const tasks = ['rep-onitsway1', 'rep-waiting01'];
    await Promise.all([
      ...['a1', 'a2', 'b'].map((account) => alive.polls(account)),
      ...tasks.map((taskId) => stage.hook.accepted.until(({ body }) => body.includes(taskId))),
    ]);
    expect((await stage.leaseEnd(lane)).now - now).toBeLessThan(2 * LEASE_MS);
    expect(await stage.holder(lane)).toEqual({ pid: alive.pid, fence: (sends?.fence ?? 0) + 1 });
    for (const taskId of tasks) expect(stage.timesTold(taskId)).toBe(1);
    withinItsPace(stage);
  },
);

scene(
  'replicas go on while a newer version adds to their store, and one more of their own version joins them',
  async (stage) => {
    const { one, other } = await startTwo(stage);
    await stage.upgrade(ADDING);
    const third = stage.start();
    await third.waitForLog('service-started');
    one.kill('SIGTERM');
    expect(await one.exited).toMatchObject({ code: 0, stderr: '' });
    await Promise.all([stage.tells('shared', 'rep-newer0001'), stage.tells('alone', 'rep-newer0002')]);
    await stage.untilSettled();
    for (const taskId of ['rep-newer0001', 'rep-newer0002']) expect(stage.timesTold(taskId)).toBe(1);
    expect((await stage.run(['list'])).stdout).toContain('rep-newer0001');
    expect([other, third].flatMap(({ log }) => log.filter(({ level }) => level === 'error'))).toEqual([]);
  },
);

/** Of the scene with the frozen replica: the answers to one key's requests are held back while the gate is shut. */
const gate = { key: '', held: Promise.withResolvers<void>(), opened: Promise.withResolvers<void>() };

scene(
  'a replica that was frozen past its lease commits nothing more, and gets its share back',
  async (stage) => {
    const { one, other } = await startTwo(stage);
    const slack = await stage.laneOf('slack');
    await stage.untilHeld(slack, (pid) => pid !== null);
    // The one that does not send, so that what the other finds is told at once.
    const sends = (await stage.holder(slack))?.pid === one.pid;
    const [frozen, awake] = sends ? [other, one] : [one, other];
    const key: KeyName = sends ? 'alone' : 'shared';
    const account = sends ? 'b' : 'a1';
    const unit = await stage.unitOf(key);
    const before = await stage.holder(unit);
    gate.key = keyOf(key).secretId;
    await gate.held.promise;
    frozen.kill('SIGSTOP');
    gate.key = '';
    await awake.waitForLog('lease-taken', (line) => line['unit'] === unit);
    await stage.tells(key, 'rep-frozen001');
    await awake.polls(account);
    const interrupted = await stage.interrupted();
    expect(interrupted.length).toBeGreaterThan(0);
    const lines = frozen.log.length;
    const taken = frozen.log.filter(takesAccounts).length;
    frozen.kill('SIGCONT');
    gate.opened.resolve();
    const isOver = ({ event, unit: of }: LogLine): boolean => /^lease-(ended|lost)$/.test(event) && of === unit;
    await frozen.waitForLine((event) => event === 'lease-ended' || event === 'lease-lost');
    await frozen.waitForLog('lease-taken', takesAccounts, taken + 1);
    expect(frozen.log.slice(lines).some(isOver)).toBe(true);
    // What it was at when it was frozen is as the other left it.
    expect(await stage.interrupted()).toEqual(interrupted);
    expect((await stage.holder(unit))?.fence).toBeGreaterThan(before?.fence ?? 0);
    expect(stage.timesTold('rep-frozen001')).toBe(1);
    withinItsPace(stage);
  },
  async ({ secretId }) => {
    if (secretId !== gate.key) return;
    gate.held.resolve();
    await gate.opened.promise;
  },
);

scene('`once` takes every lease, or says who holds one, and gives all back', async (stage) => {
  stage.sandbox.world(keyOf('shared').secretId).add({ TaskId: 'rep-once0001' });
  const first = await stage.run(['once']);
  expect(first.stdout).toContain('messages: 1 delivered, 0 waiting, 0 dead');
  expect((await stage.run(['once', '--dry-run'])).stdout).toContain('messages: 0');
  const replica = stage.start();
  await Promise.all(['a1', 'a2', 'b'].map((account) => replica.polls(account)));
  const beside = await stage.run(['once']);
  expect(beside).toMatchObject({ code: 1, stdout: '' });
  expect(beside.stderr).toMatch(
    /^The store is worked on by \S+\/\d+\/\w{6}, which holds "accounts key \w+" for \d+ s more;/,
  );
  expect(beside.stderr).toContain(`/${replica.pid}/`);
  expect(await stage.run(['health'])).toMatchObject({ code: 0 });
  replica.kill('SIGTERM');
  await replica.exited;
  expect(await stage.run(['once'])).toMatchObject({ code: 0, stderr: '' });
});

it.concurrent(
  'a server that was killed and comes back is used again without a restart; `/readyz` and `health` tell meanwhile',
  async () => {
    const own = await startPostgres();
    const stage = await openReplicaStage(own);
    try {
      const replicas: ReplicaProgram[] = [];
      const pages: string[] = [];
      for (const port of [await freePort(), await freePort()]) {
        stage.file.change({ http: { listen: `127.0.0.1:${port}` } });
        const replica = stage.start();
        replicas.push(replica);
        pages.push(String((await replica.waitForLog('page-served'))['url']));
      }
      const states = async () =>
        (await Promise.all(pages.map((page) => fetch(new URL('/readyz', page))))).map(({ status }) => status);
      const untilReady = async (status: number): Promise<void> => {
        while ((await states()).some((state) => state !== status)) await pause(100);
      };
      await Promise.all([
        stage.tells('shared', 'rep-before001'),
        stage.tells('alone', 'rep-before002'),
        untilReady(200),
      ]);
      await stage.untilSettled();
      await own.kill();
      stage.sandbox.world(keyOf('shared').secretId).add({ TaskId: 'rep-meanwhile' });
      await untilReady(503);
      const { code, stderr } = await stage.run(['health']);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^The store postgres:\/\/\S+ cannot be reached \(.*\); check that the server runs and may be reached from here\.\n$/,
      );
      await own.start();
      await stage.tells('alone', 'rep-after0001');
      await stage.hook.accepted.until(({ body }) => body.includes('rep-meanwhile'));
      await untilReady(200);
      expect(await stage.run(['health'])).toMatchObject({ code: 0 });
      for (const taskId of ['rep-before001', 'rep-meanwhile', 'rep-after0001']) expect(stage.timesTold(taskId)).toBe(1);
      withinItsPace(stage);
      for (const replica of replicas) replica.kill('SIGTERM');
      for (const { exited } of replicas) expect(await exited).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await stage.close();
      await own.close();
    }
  },
  3 * MINUTE_MS,
);

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepairTask } from '../src/model/task.ts';
import { openStore } from '../src/store/registry.ts';
import type { PageDecision, Store } from '../src/store/store.ts';

/**
 * What a page of 100 tasks costs from decision to durable commit, with nothing stored and with many rows stored.
 * Usage: node bench/store.ts [rows stored before the second round, 200000 by default]
 */
const PAGE = 100;
const PAGES_MEASURED = 500;
const STORED = Number(process.argv[2] ?? 200_000);
const BEGIN = Date.UTC(2026, 0, 1);

/** Small and seeded, so that two runs write the same rows; ids are spread like the vendor's. */
let seed = 7;
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

function task(index: number): RepairTask {
  const id = Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
  return {
    taskId: `rep-${id}`,
    instanceId: `ins-${id}`,
    alias: `web-${index}`,
    taskTypeId: 101,
    taskTypeName: '实例运行隐患',
    taskSubType: null,
    taskStatus: 3,
    deviceStatus: 3,
    operateStatus: 3,
    createTime: BEGIN + index * 1000,
    authTime: BEGIN + index * 1000 + 172_800_000,
    endTime: null,
    taskDetail: '实例所在宿主机存在运行隐患，可能影响实例稳定运行，建议您尽快授权维修。',
    authType: 7,
    authSource: 'Customer_auth',
    product: 'CVM',
    zone: 'ap-guangzhou-7',
    region: 'ap-guangzhou',
    vpcId: 'vpc-0a1b2c3d',
    vpcName: 'production',
    subnetId: 'subnet-0a1b2c3d',
    subnetName: 'production-7',
    wanIp: '203.0.113.7',
    lanIp: '10.0.12.7',
  };
}

function firstSeen(tasks: readonly RepairTask[], at: number, withChanges: boolean): PageDecision {
  return {
    write: tasks.map((one) => ({
      account: 'prod',
      task: one,
      ending: 'closed',
      firstSeenAt: at,
      changedAt: at,
      absentPolls: 0,
      toldAuthTime: null,
      revision: 1,
    })),
    touch: [],
    changes: withChanges
      ? tasks.map((one) => ({ taskId: one.taskId, at, from: null, to: one.taskStatus, event: null }))
      : [],
    alerts: [],
  };
}

function pagesOf(pages: number, offset: number): RepairTask[][] {
  return Array.from({ length: pages }, (_, page) =>
    Array.from({ length: PAGE }, (_, row) => task(offset + page * PAGE + row)),
  );
}

async function commitPages(store: Store, pages: readonly RepairTask[][], withChanges: boolean): Promise<void> {
  const { poll } = await store.beginPoll('prod', 'backfill', BEGIN);
  for (const [page, tasks] of pages.entries()) {
    const ids = tasks.map((one) => one.taskId);
    await store.commitPage(poll, ids, () => firstSeen(tasks, BEGIN + page, withChanges));
  }
}

async function touchPages(store: Store, pages: number, tasks: readonly RepairTask[]): Promise<void> {
  const { poll } = await store.beginPoll('prod', 'poll', BEGIN);
  const ids = tasks.map((one) => one.taskId);
  for (let page = 0; page < pages; page += 1) {
    await store.commitPage(poll, ids, () => ({ write: [], touch: ids, changes: [], alerts: [] }));
  }
}

async function measure(label: string, pages: number, act: () => Promise<unknown>): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await act();
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  const cpuMs = (used.user + used.system) / 1000;
  console.log(
    `${label.padEnd(44)} ${(cpuMs / pages).toFixed(2)} ms CPU, ${(ms / pages).toFixed(2)} ms, ${Math.round((pages * 1000) / ms)} pages/s`,
  );
}

const directory = await mkdtemp(join(tmpdir(), 'repairwatch-bench-'));
const store = await openStore(
  { engine: 'sqlite', path: join(directory, 'bench.db') },
  { mode: 'owner', clock: { now: () => Date.now() } },
);
await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], BEGIN);
await commitPages(store, pagesOf(50, 10_000_000), true); // Warm: compiled, statements prepared.
for (const rows of [0, STORED]) {
  for (let page = 0; page < rows / PAGE; page += 50) await commitPages(store, pagesOf(50, page * PAGE), true);
  const plain = pagesOf(PAGES_MEASURED, 20_000_000 + rows);
  await measure(`100 new rows, ${rows} stored`, PAGES_MEASURED, () => commitPages(store, plain, false));
  const changed = pagesOf(PAGES_MEASURED, 30_000_000 + rows);
  await measure(`100 new rows and 100 changes, ${rows} stored`, PAGES_MEASURED, () =>
    commitPages(store, changed, true),
  );
  await measure(`100 rows seen again, ${rows} stored`, PAGES_MEASURED, () =>
    touchPages(store, PAGES_MEASURED, plain[0] ?? []),
  );
}
console.log(`RSS ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`);
await store.close();
rmSync(directory, { recursive: true });

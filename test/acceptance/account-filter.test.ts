import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

/** Accounts of one key, each with its own filter. */
function configure(filters: Readonly<Record<string, object>>): void {
  const { secretId, secretKey } = SANDBOX_KEY;
  const account = { endpoint: kit.sandbox.url, secretId, secretKey };
  kit.configure({ accounts: Object.entries(filters).map(([name, filter]) => ({ name, ...account, ...filter })) });
}

/** Which account has which open task, by the store. */
async function stored(): Promise<readonly string[]> {
  const { stdout } = await kit.run(['list', '--all', '--json']);
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { account: string; taskId: string }[] }; // documented
  return tasks.map(({ account, taskId }) => `${account} ${taskId}`).toSorted();
}

const messagesAbout = (taskId: string): number =>
  kit.hook.accepted.entries.filter((request) => textOf(request).includes(taskId)).length;

interface Call {
  readonly Product?: string;
  readonly TaskStatus?: readonly number[];
  readonly TaskTypeIds?: readonly number[];
  readonly TaskIds?: readonly string[];
  readonly InstanceIds?: readonly string[];
  readonly Aliases?: readonly string[];
  readonly EndDate?: string;
}

const calls = (since = 0): readonly Call[] =>
  kit.sandbox.arrivals.entries.slice(since).map(({ params }) => params as Call); // the service's own form

const isNarrowed = (call: Call): boolean =>
  [call.Product, call.TaskTypeIds, call.InstanceIds, call.Aliases].some((filter) => filter !== undefined);

describe("an account's filter", () => {
  it('lets only what passes it be known and told, and never goes with TaskIds', async () => {
    const world = kit.sandbox.world();
    configure({
      products: { product: 'CDH' },
      types: { taskTypes: [101, 102] },
      instances: { instanceIds: ['ins-mine', 'ins-other'] },
      aliases: { aliases: ['mine'] },
    });
    const add = (suffix: string, CreateTime: string): void => {
      world.add({ TaskId: `rep-product${suffix}`, Product: 'CDH', CreateTime });
      world.add({ TaskId: `rep-type${suffix}`, TaskTypeId: 101, CreateTime });
      world.add({ TaskId: `rep-instance${suffix}`, InstanceId: 'ins-mine', CreateTime });
      world.add({ TaskId: `rep-alias${suffix}`, Alias: 'mine', CreateTime });
      world.add({ TaskId: `rep-none${suffix}`, CreateTime });
    };
    const passing = ['rep-product', 'rep-type', 'rep-instance', 'rep-alias'];
    // Old enough that only the question by ids can tell what became of them.
    add('1', kit.sandbox.time(Date.now() - 3_600_000));
    const service = kit.start();
    await Promise.all(passing.map((id) => kit.hook.accepted.until((request) => textOf(request).includes(`${id}1`))));
    add('2', kit.sandbox.time(Date.now()));
    await Promise.all(passing.map((id) => kit.hook.accepted.until((request) => textOf(request).includes(`${id}2`))));
    for (const id of passing) world.set(`${id}1`, { TaskStatus: 3 });
    await kit.sandbox.answers.untilCount(4, ({ arrival }) => (arrival.params as Call).TaskIds !== undefined); // as above
    await service.polls(8);
    expect(await stored()).toEqual([
      'aliases rep-alias2',
      'instances rep-instance2',
      'products rep-product2',
      'types rep-type2',
    ]);
    expect(messagesAbout('rep-none')).toBe(0);
    for (const id of passing) expect(messagesAbout(`${id}2`), id).toBe(1);
    const byIds = calls().filter(({ TaskIds }) => TaskIds !== undefined);
    expect(byIds.filter(isNarrowed)).toEqual([]);
    expect(new Set(byIds.flatMap(({ TaskIds = [] }) => TaskIds))).toEqual(new Set(passing.map((id) => `${id}1`)));
    const others = calls().filter(({ TaskIds }) => TaskIds === undefined);
    expect(others.filter((call) => !isNarrowed(call))).toEqual([]);
  });

  it('that changes starts a new backfill and tells nothing of the tasks outside; a wider one tells them again', async () => {
    const world = kit.sandbox.world();
    configure({ prod: {} });
    world.add({ TaskId: 'rep-in', Product: 'CVM' });
    world.add({ TaskId: 'rep-out', Product: 'CDH' });
    const all = kit.start();
    await all.waitForLog('backfill-finished');
    await kit.hook.accepted.until((request) => textOf(request).includes('rep-out'));
    await all.stop();

    configure({ prod: { product: 'CVM' } });
    const [told, asked] = [kit.hook.requests.entries.length, kit.sandbox.arrivals.entries.length];
    const narrow = kit.start();
    await narrow.waitForLog('backfill-finished');
    await narrow.polls(2);
    const history = calls(asked).filter(({ EndDate, TaskIds }) => EndDate !== undefined && TaskIds === undefined);
    expect(history.map(({ Product }) => Product)).toContain('CVM');
    expect(await stored()).toEqual(['prod rep-in']);
    world.set('rep-out', { TaskStatus: 2 });
    world.set('rep-in', { TaskStatus: 2 });
    await kit.hook.accepted.untilCount(told + 1);
    await narrow.polls(2);
    expect(kit.hook.requests.entries.slice(told).filter((request) => textOf(request).includes('rep-out'))).toEqual([]);
    await narrow.stop();

    world.set('rep-out', { TaskStatus: 1 });
    configure({ prod: {} });
    kit.start();
    const before = messagesAbout('rep-out');
    await kit.hook.accepted.untilCount(before + 1, (request) => textOf(request).includes('rep-out'));
  });

  it('may name more instances and names than the API takes in a list', async () => {
    const world = kit.sandbox.world();
    const many = (prefix: string): readonly string[] => Array.from({ length: 150 }, (_, i) => `${prefix}-${i}`);
    configure({ ids: { instanceIds: many('ins-mine') }, both: { instanceIds: ['ins-mine-7'], aliases: many('mine') } });
    world.add({ TaskId: 'rep-id', InstanceId: 'ins-mine-149' });
    world.add({ TaskId: 'rep-both', InstanceId: 'ins-mine-7', Alias: 'mine-120' });
    world.add({ TaskId: 'rep-none', InstanceId: 'ins-mine-150', Alias: 'mine-150' });
    world.add({ TaskId: 'rep-closed', InstanceId: 'ins-mine-150', TaskStatus: 3 });
    const service = kit.start();
    await service.waitForLog('backfill-finished', ({ account }) => account === 'ids');
    await service.polls(4);
    expect(await stored()).toEqual(['both rep-both', 'ids rep-both', 'ids rep-id']);
    expect(messagesAbout('rep-none')).toBe(0);
    world.set('rep-id', { TaskStatus: 3 });
    await kit.hook.accepted.untilCount(2, (request) => textOf(request).includes('rep-id'));
    expect(calls().filter(({ Aliases }) => Aliases !== undefined)).toEqual([]);
    expect(new Set(calls().map(({ InstanceIds }) => InstanceIds?.join()))).toEqual(new Set([undefined, 'ins-mine-7']));
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/lib/clock.ts';
import type { World } from '../../src/sandbox/world.ts';
import { type Service, type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

const SPOILT_ANSWERS = [
  'garbage-row',
  'truncated-json',
  'not-json',
  'wrong-types',
  'null-page',
  'short-page',
  'unsorted-page',
  'reset',
] as const;

let kit: ServiceKit;
let world: World;

beforeEach(async () => {
  kit = await startKit();
  world = kit.sandbox.world();
});

afterEach(() => kit.close());

const told = (text: string) => kit.hook.accepted.entries.filter((request) => textOf(request).includes(text));
const untilTold = (text: string) => kit.hook.accepted.until((request) => textOf(request).includes(text));

/** A service whose first look is over, so that what comes now is new. */
async function running(env?: Readonly<Record<string, string>>): Promise<Service> {
  const service = kit.start(env);
  await service.polls(1);
  return service;
}

describe('a task', () => {
  it('that is new and pending is one Slack message within a poll, and no second one at the next polls', async () => {
    const service = await running();
    world.add({ TaskId: 'rep-new00001', InstanceId: 'ins-new00001', Alias: 'web-prod-1' });
    const message = await untilTold('rep-new00001');
    for (const part of ['ins-new00001', 'web-prod-1', 'prod', 'Repair pending', 'rw-'])
      expect(textOf(message)).toContain(part);
    await service.polls(3);
    expect(told('rep-new00001')).toHaveLength(1);
  });

  it('is told when it leaves status 1 and when it returns, and not at the steps between', async () => {
    const service = await running();
    const { TaskId } = world.add();
    await untilTold(TaskId);
    const step = async (status: number, source = 'Customer_auth') => {
      world.set(TaskId, { TaskStatus: status, AuthSource: source });
      await service.polls(2);
    };
    await step(4);
    expect(told(TaskId)).toHaveLength(2);
    expect(textOf(told(TaskId)[1] ?? fail())).toMatch(/booked/);
    await step(2);
    await step(3);
    expect(told(TaskId)).toHaveLength(2);
    const other = world.add().TaskId;
    await untilTold(other);
    await step(4);
    world.set(other, { TaskStatus: 4 });
    await service.polls(2);
    world.set(other, { TaskStatus: 1 });
    await service.polls(2);
    expect(told(other)).toHaveLength(3);
  });

  it('created 200 days ago is told when it enters status 1, and in the first roll-up when it was pending before', async () => {
    const old = { CreateTime: world.time(Date.now() - 200 * DAY_MS) };
    world.add({ ...old, TaskId: 'rep-before01' });
    world.add({ ...old, TaskId: 'rep-later001', TaskStatus: 2 });
    const service = await running();
    const [first] = await kit.hook.accepted.untilCount(1);
    expect(textOf(first ?? fail())).toContain('rep-before01');
    world.set('rep-later001', { TaskStatus: 1 });
    await untilTold('rep-later001');
    await service.polls(2);
    expect(kit.hook.accepted.entries).toHaveLength(2);
  });

  it('whose AuthTime moves is told with the old and the new time', async () => {
    const service = await running();
    const start = Math.floor(Date.now() / 60_000) * 60_000;
    const { TaskId } = world.add({ AuthTime: world.time(start + 30 * HOUR_MS) });
    await untilTold(TaskId);
    world.set(TaskId, { AuthTime: world.time(start + 36 * HOUR_MS) });
    await kit.hook.accepted.untilCount(2, (request) => textOf(request).includes(TaskId));
    const changed = textOf(told(TaskId)[1] ?? fail());
    const beijing = (at: number) => world.time(at).slice(0, 16);
    expect(changed).toContain(beijing(start + 30 * HOUR_MS));
    expect(changed).toContain(beijing(start + 36 * HOUR_MS));
    await service.polls(2);
    expect(told(TaskId)).toHaveLength(2);
  });

  it('whose wording, alias or address changes is not told again', async () => {
    const service = await running();
    const { TaskId } = world.add();
    await untilTold(TaskId);
    world.set(TaskId, { TaskDetail: '换了说法', Alias: 'renamed', LanIp: null, VpcName: 'other' });
    await service.polls(3);
    expect(told(TaskId)).toHaveLength(1);
  });
});

describe('trouble', () => {
  it('of the API for three polls loses nothing and calls nothing resolved', async () => {
    const service = await running();
    const { TaskId } = world.add();
    await untilTold(TaskId);
    kit.sandbox.fault({ kind: 'http-502-html' });
    const during = world.add().TaskId;
    await service.polls(3, 'incomplete');
    expect(kit.hook.accepted.entries).toHaveLength(1);
    kit.sandbox.clearFaults();
    await untilTold(during);
    await service.polls(2);
    expect(told(TaskId)).toHaveLength(1);
    expect(kit.hook.accepted.entries).toHaveLength(2);
  });

  it('by answers that are garbage of any kind ends with everything told once', async () => {
    const service = await running();
    for (const kind of SPOILT_ANSWERS) {
      kit.sandbox.fault({ kind, times: 2 });
      const { TaskId } = world.add({ TaskId: `rep-${kind.replace('-', '')}` });
      await untilTold(TaskId);
    }
    await service.polls(2);
    for (const kind of SPOILT_ANSWERS) expect(told(`rep-${kind.replace('-', '')}`), kind).toHaveLength(1);
    expect((await service.stop()).stderr).toBe('');
  });

  it('of Slack does not keep mail from going at once, and Slack gets its message later, each once', async () => {
    kit.configure({ routes: [{ match: {}, channels: ['slack', 'mail'] }] });
    const service = await running();
    kit.hook.fault({ kind: 'status', status: 503, times: 2 });
    const { TaskId } = world.add();
    const mail = await kit.mail.messages.until((message) => message.raw.includes(TaskId));
    await untilTold(TaskId);
    expect(mail.at).toBeLessThanOrEqual(told(TaskId)[0]?.at ?? 0);
    await service.polls(2);
    expect(told(TaskId)).toHaveLength(1);
    expect(kit.mail.messages.entries.filter((message) => message.raw.includes(TaskId))).toHaveLength(1);
  });

  it('of one account, blocked, does not delay the other, and the operator is told', async () => {
    const other = { secretId: 'AKIDother000000000000000000000000000', secretKey: 'other0key' };
    await kit.close();
    const { SANDBOX_KEY } = await import('../../src/sandbox/signature.ts');
    kit = await startKit({ sandbox: { keys: [SANDBOX_KEY, other] } });
    world = kit.sandbox.world(SANDBOX_KEY.secretId);
    const endpoint = kit.sandbox.url;
    kit.configure({
      accounts: [
        { name: 'prod', endpoint, ...SANDBOX_KEY },
        { name: 'lab', endpoint, ...other },
      ],
    });
    kit.sandbox.fault({ kind: 'blocked', key: other.secretId });
    await running();
    const { TaskId } = world.add();
    await untilTold(TaskId);
    const notice = await kit.mail.messages.until((message) => message.raw.includes('UnauthorizedOperation'));
    expect(notice.email.text).toContain('lab');
  });
});

it('polls across midnight in Beijing on a host in New York miss nothing and repeat nothing', async () => {
  const beijing = Date.now() + 8 * HOUR_MS;
  const untilMidnight = DAY_MS - (beijing % DAY_MS);
  kit.sandbox.configure({ clockSkewMs: untilMidnight - 4_000 });
  const service = await running({ TZ: 'America/New_York' });
  const before = world.add().TaskId;
  await untilTold(before);
  // A slow machine may be past midnight by now.
  const eve = new Date(beijing).toISOString().slice(0, 10);
  while (world.time().startsWith(eve)) await service.polls(1);
  const after = world.add().TaskId;
  await untilTold(after);
  await service.polls(2);
  expect(told(before)).toHaveLength(1);
  expect(told(after)).toHaveLength(1);
});

describe('a changed configuration', () => {
  it('with a renamed account and a renamed channel repeats nothing and forgets nothing', async () => {
    const first = await running();
    const { TaskId } = world.add();
    await untilTold(TaskId);
    kit.hook.fault({ kind: 'status', status: 503 });
    const waiting = world.add().TaskId;
    await first.polls(2);
    await first.stop();
    kit.hook.clearFaults();
    const { hook, sandbox } = kit;
    const key = { secretId: sandbox.arrivals.entries[0]?.secretId, secretKey: 'sandbox0key0of0no0use0elsewhere0' };
    kit.configure({
      accounts: [{ name: 'production', endpoint: sandbox.url, ...key }],
      channels: { chat: { type: 'slack', url: hook.url, language: 'en' } },
      routes: [{ match: {}, channels: ['chat'] }],
      operator: { channels: ['chat'] },
    });
    const second = await running();
    await untilTold(waiting);
    await second.polls(3);
    expect(told(TaskId)).toHaveLength(1);
    expect(told(waiting)).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error('a message that was counted is not there');
}

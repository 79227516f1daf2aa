import { appendFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type HookRequest, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';
import { freePort } from '../support/free-port.ts';
import type { RunningProgram } from '../support/program.ts';
import { TO_SLACK, timesMailed } from '../support/service-kit.ts';

const OTHER_KEY = { secretId: 'AKID0other', secretKey: 'other0key0of0no0use' };
const TOKEN = 'correct-horse-battery-staple';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Account `prod` to Slack in English, the operator's notices by mail; `games` has a key that the API knows and the configuration does not. */
async function open(changes: Readonly<Record<string, unknown>> = {}): Promise<CliStage> {
  const stage = await openCliStage({ ...TO_SLACK, ...changes }, { keys: [SANDBOX_KEY, OTHER_KEY] });
  closing.push(() => stage.close());
  return stage;
}

/** Sends the signal and waits until the configuration is in force; `times`: how often one was by then. */
async function reload(service: RunningProgram, times: number): Promise<void> {
  service.kill('SIGHUP');
  await service.waitForLog('configuration-reloaded', () => true, times);
}

const told = ({ hook }: CliStage, taskId: string): readonly HookRequest[] =>
  hook.accepted.entries.filter(({ body }) => body.includes(taskId));

it('a changed configuration is applied while the service runs: nothing is told twice, nothing is lost', async () => {
  const port = await freePort();
  const http = { listen: `127.0.0.1:${port}`, token: TOKEN };
  const stage = await open({ http });
  const { sandbox, hook, file } = stage;
  const gauges = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    return await answer.text();
  };
  const first = sandbox.world().add().TaskId;
  const other = sandbox.world(OTHER_KEY.secretId).add({ TaskId: 'rep-0games01' }).TaskId;
  const service = stage.start(['run']);
  await hook.accepted.until(({ body }) => body.includes(first));

  // An account more, whose team reads Chinese on the same hook; and what cannot change before a restart.
  const slack = { type: 'slack', url: hook.url };
  const prod = { name: 'prod', endpoint: sandbox.url, ...SANDBOX_KEY };
  file.change({
    accounts: [prod, { name: 'games-cn', endpoint: sandbox.url, ...OTHER_KEY }],
    channels: { slack: { ...slack, language: 'en' }, 'slack-zh': { ...slack, language: 'zh-CN' } },
    routes: [{ match: { account: ['games-*'] }, channels: ['slack-zh'] }, { channels: ['slack'] }],
    operator: { channels: ['slack'] },
    store: `sqlite:${file.directory}/another.db`,
    http: { ...http, listen: `127.0.0.1:${await freePort()}` },
  });
  await reload(service, 1);
  await hook.accepted.until(({ body }) => body.includes(other));
  expect(told(stage, other)[0]?.body).toContain('待授权');
  const kept = service.log.filter(({ event }) => event === 'configuration-kept').map((line) => String(line['kept']));
  expect(kept.map((sentence) => sentence.split(' ')[0])).toEqual(['store', 'http.listen']);
  expect(await gauges()).toContain('repairwatch_polls_total{account="games-cn",kind="poll",result="complete"}');

  // The route of `prod` moves to the other channel.
  file.change({ routes: [{ channels: ['slack-zh'] }] });
  await reload(service, 2);
  const second = sandbox.world().add().TaskId;
  await hook.accepted.until(({ body }) => body.includes(second));
  expect(told(stage, second)[0]?.body).toContain('待授权');

  // What is broken is refused as a whole, and said; what runs goes on.
  appendFileSync(file.path, 'remindrs: [1h]\npoll: { schedule: hourly }\n');
  service.kill('SIGHUP');
  await hook.accepted.until(({ body }) => body.includes('The changed configuration was refused'));
  expect(await gauges()).toContain('repairwatch_config_last_reload_successful 0');
  const third = sandbox.world().add().TaskId;
  await hook.accepted.until(({ body }) => body.includes(third));
  file.change({});
  await reload(service, 3);
  await hook.accepted.until(({ body }) => body.includes('The configuration is accepted again'));
  expect(await gauges()).toContain('repairwatch_config_last_reload_successful 1');

  // An account less: what waits in it is no longer watched, and nothing is said of it.
  file.change({ accounts: [prod] });
  await reload(service, 4);
  sandbox.world(OTHER_KEY.secretId).add({ TaskId: 'rep-0games02' });
  const fourth = sandbox.world().add().TaskId;
  await hook.accepted.until(({ body }) => body.includes(fourth));
  expect(told(stage, 'rep-0games02')).toEqual([]);
  for (const taskId of [first, other, second, third, fourth]) expect(told(stage, taskId)).toHaveLength(1);
  expect(
    service.log.filter(({ event }) => event === 'taken-up').filter((line) => line['messagesToRepeat'] !== 0),
  ).toEqual([]);
  service.kill();
  expect((await service.exited).code).toBe(0);
});

it('an account that a reload does not change is not polled for it; one that is new or changed is', async () => {
  const yearly = { schedule: '0 9 1 1 *', timezone: 'Asia/Shanghai' };
  const stage = await open({ poll: yearly });
  const { sandbox, file } = stage;
  const account = (name: string, more: object = {}) => ({ name, endpoint: sandbox.url, ...SANDBOX_KEY, ...more });
  const [games, test] = [account('games', OTHER_KEY), account('test', { product: 'CDH' })];
  const service = stage.start(['run']);
  const polls = (name: string) => service.waitForLog('poll-finished', (line) => line['account'] === name);
  await polls('prod');
  file.change({ accounts: [account('prod'), games], reminders: ['2h'] });
  await reload(service, 1);
  await polls('games');
  file.change({ accounts: [account('prod'), { ...games, product: 'CVM' }, test] });
  await reload(service, 2);
  await polls('test');
  await service.waitForLog('poll-finished', (line) => line['account'] === 'games', 2);
  const polled = service.log.filter(({ event }) => event === 'poll-finished').map((line) => line['account']);
  expect(polled.toSorted()).toEqual(['games', 'games', 'prod', 'test']);
  service.kill();
  expect((await service.exited).code).toBe(0);
});

it('a message that is on its way when its channel is removed is settled first, and what waits goes to another', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const slow = await startSlackHook({ onRequest: () => answered });
  closing.push(() => slow.close());
  const stage = await open({ routes: [{ channels: ['slow'] }] });
  const { sandbox, hook, file } = stage;
  const slack = { type: 'slack', url: hook.url, language: 'en' };
  file.change({ channels: { slow: { ...slack, url: slow.url }, slack }, operator: { channels: ['slack'] } });
  const first = sandbox.world().add().TaskId;
  const service = stage.start(['run']);
  await slow.requests.untilCount(1);
  const second = sandbox.world().add().TaskId;
  await service.waitForLog('poll-finished', (line) => line['open'] === 2);
  file.change({ channels: { slack }, routes: [{ channels: ['slack'] }] });
  const warnings = service.log.filter(({ event }) => event === 'configuration-warning').length;
  service.kill('SIGHUP');
  // Said as the lanes are brought to rest: a lane that is answered while the file is still read would go on with the second.
  await service.waitForLog('configuration-warning', () => true, warnings + 1);
  answer();
  await hook.accepted.until(({ body }) => body.includes(second));
  expect(slow.requests.entries.map(({ body }) => [body.includes(first), body.includes(second)])).toEqual([
    [true, false],
  ]);
  expect(told(stage, first)).toEqual([]);
  expect(timesMailed(stage, first)).toBe(0);
});

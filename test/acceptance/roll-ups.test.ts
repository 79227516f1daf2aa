import { afterEach, beforeEach, expect, it } from 'vitest';
import { SECOND_MS } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import { type ServiceKit, startKit } from '../support/service-kit.ts';

const TASKS = 800;
const DATA_LOSS = 30;
const TYPES = [101, 102, 103, 104, 105, 106, 107];
const ZONES = ['ap-guangzhou-6', 'ap-guangzhou-7', 'ap-shanghai-2', 'na-siliconvalley-1'];

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
  kit.configure({
    routes: [{ match: {}, channels: ['slack', 'mail'] }],
    poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' },
  });
});

afterEach(() => kit.close());

const idsIn = (text: string): readonly string[] => [...new Set(text.match(/rep-storm\d+/g))];

/** Which messages, by their keys, tell of each task: the repeats of a message are one. */
function keysByTask(messages: readonly { readonly key: string; readonly text: string }[]): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { key, text } of messages)
    for (const id of idsIn(text)) keys.set(id, (keys.get(id) ?? new Set()).add(key));
  return keys;
}

const inSlack = () =>
  kit.hook.accepted.entries.map(({ body }) => ({ key: /rw-[a-z2-7]{10}/.exec(body)?.[0] ?? '', text: body }));
const inMail = () =>
  kit.mail.messages.entries.map(({ email }) => ({ key: email.messageId ?? '', text: email.text ?? '' }));

/** Created within eight minutes, so that no proven second gets another task; every 27th may lose data. */
function storm(): Partial<VendorRow>[] {
  const { sandbox } = kit;
  return Array.from({ length: TASKS }, (_, at) => ({
    TaskId: `rep-storm${1_000 + at}`,
    InstanceId: `ins-storm${1_000 + at}`,
    TaskTypeId: TYPES[at % TYPES.length] ?? 101,
    Zone: ZONES[at % ZONES.length] ?? null,
    AuthType: at % 27 === 0 ? 8 : 2,
    CreateTime: sandbox.time(Date.now() - at * 600),
  }));
}

it('800 new tasks in one poll are told at a message a second, each once a channel, and are whole in the mail', async () => {
  expect(await kit.run(['once'])).toMatchObject({ code: 0 });
  const tasks = storm();
  for (const task of tasks) kit.sandbox.world().add(task);
  const all = tasks.map(({ TaskId }) => TaskId).sort();
  const risky = tasks.filter(({ AuthType }) => AuthType === 8);
  expect(risky).toHaveLength(DATA_LOSS);
  // The first message is accepted, and the service is killed before it knows.
  kit.hook.fault({ kind: 'accept-then-hang', times: 1 });
  const killed = kit.start();
  await kit.hook.accepted.untilCount(1);
  killed.kill('SIGKILL');
  await killed.exited;
  const service = kit.start();
  await kit.hook.accepted.until(() => keysByTask(inSlack()).size === TASKS);
  await kit.mail.messages.until(() => keysByTask(inMail()).size === TASKS);
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });

  const { requests, accepted } = kit.hook;
  expect(requests.entries.map(({ answer }) => answer)).not.toContain('invalid_blocks');
  expect(accepted.entries).toHaveLength(requests.entries.length);
  const ofOneLife = requests.entries.slice(1);
  const gaps = ofOneLife.slice(1).map(({ at }, before) => at - (ofOneLife[before]?.at ?? at));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(SECOND_MS);

  for (const messages of [inSlack(), inMail()]) {
    const keys = keysByTask(messages);
    expect([...keys.keys()].sort()).toEqual(all);
    for (const [id, told] of keys) expect([id, told.size]).toEqual([id, 1]);
    const first = idsIn(messages.map(({ text }) => text).join()).slice(0, DATA_LOSS);
    expect(first.toSorted()).toEqual(risky.map(({ TaskId }) => TaskId).sort());
  }
  // So it came twice, under its key.
  expect(new Set(inSlack().map(({ key }) => key)).size).toBe(inSlack().length - 1);
  expect(inSlack().filter(({ text }) => !text.includes('Data loss possible')).length).toBeLessThanOrEqual(10);
  const lines = inSlack().flatMap(({ text }) => text.split('\\n'));
  for (const { TaskId = '', InstanceId } of risky) {
    const line = lines.find((text) => text.includes(TaskId)) ?? '';
    expect(line).toContain(InstanceId);
    expect(line).toMatch(/starts .*GMT\+8|no deadline/);
  }

  const tables = kit.mail.messages.entries.flatMap(({ email }) => email.attachments);
  expect(tables).toHaveLength(1);
  const rows = new TextDecoder().decode(tables[0]?.content as ArrayBuffer).split('\r\n'); // the library gives bytes where no encoding is asked for
  expect(rows.slice(1, 1 + DATA_LOSS).every((row) => row.startsWith('可能丢数据'))).toBe(true);
  expect(rows.flatMap(idsIn).sort()).toEqual(all);
});

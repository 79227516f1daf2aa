import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { SESSION_COOKIE } from '../../../src/web/visitor.ts';
import {
  claimedOf,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  pollEnd,
  remindOf,
  T0,
  taskRow,
} from '../../support/store-world.ts';
import { openWebStage, TOKEN, type WebStage } from '../../support/web-stage.ts';

const HERE = '/tasks/prod/rep-1';

async function stageWith(task: Partial<RepairTask> = {}): Promise<WebStage> {
  const stage = await openWebStage();
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  await stage.store.commitPage(poll, [], () =>
    page({
      write: [taskRow({ taskId: 'rep-1', alias: 'order-db-3', ...task })],
      changes: [{ taskId: 'rep-1', at: T0, from: null, to: 1, event: pendingAlert('rep-1').event }],
      alerts: [pendingAlert('rep-1')],
    }),
  );
  await stage.store.endPoll(poll, pollEnd({ endedAt: T0 }));
  return stage;
}

/** As a browser that has signed in asks. */
function browser({ app, access }: WebStage) {
  const { session } = access.openSession(T0);
  const headers = { Cookie: `${SESSION_COOKIE}=${session}`, 'Accept-Language': 'en', Accept: 'text/html' };
  return {
    get: async (path: string) => (await app.request(path, { headers })).text(),
    async send(form: string, fields: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
      const body = new URLSearchParams({ key: access.formKey(session), ...fields });
      const answer = await app.request(`${HERE}/${form}`, { method: 'POST', body, headers: { ...headers, ...more } });
      return { status: answer.status, location: answer.headers.get('Location'), text: await answer.text() };
    },
  };
}

async function deliver({ store }: WebStage, receipt: string): Promise<void> {
  const claimed = claimedOf(await store.claim(LANE, T0 + 1000, LEASE_MS, oneEach));
  await store.settle(claimed, { state: 'delivered', at: T0 + 2000, receipt });
}

describe('a task’s page', () => {
  it('tells its story: first seen, messages with their receipts, reminders, acknowledgements, in their order', async () => {
    const stage = await stageWith({ authTime: T0 + 5 * HOUR_MS });
    await deliver(stage, 'ok "<b>"');
    const event = { event: 'reminder', at: T0 + HOUR_MS, rungMs: 4 * HOUR_MS } as const;
    await remindOf(stage.store, 1, 4 * HOUR_MS, pendingAlert('rep-1', { event }));
    await deliver(stage, 'ok');
    await stage.store.acknowledge(
      { account: 'prod', taskId: 'rep-1', revision: 1, by: 'Ann', until: null },
      T0 + 2 * HOUR_MS,
    );
    const text = await browser(stage).get(HERE);
    const told = [
      'First seen: Pending authorization',
      '&quot;pending&quot; sent to slack',
      'receipt: ok &quot;&lt;b&gt;&quot;',
      'Reminder: 4 h before the deadline',
      'acknowledged by Ann at revision 1',
    ];
    const places = told.map((says) => text.indexOf(says));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toContain('<blockquote><bdi>监控到您的云服务器存在隐患</bdi></blockquote>');
    expect(text).toContain('tccli cvm RepairTaskControl');
  });

  it('says of a task that was over when it was first seen when it ended, its whole name, and that nothing has changed since', async () => {
    const { store, get } = await openWebStage();
    const { poll } = await store.beginPoll('prod', 'poll', T0);
    const name = 'a-name-of-a-machine-that-is-longer-than-a-row-of-a-list-has-room-for-it';
    const task = { taskId: 'rep-1', alias: name, taskStatus: 3, authType: 8, endTime: T0 - HOUR_MS };
    await store.commitPage(poll, [], () => page({ write: [taskRow(task, { ending: 'closed' })] }));
    const text = await (await get(HERE)).text();
    expect(text).toContain(`<dt>Instance</dt><dd><bdi>${name} (`);
    expect(text).toContain('<dt>Ended</dt><dd><bdi>Tue 2026-11-24 11:00 GMT+8');
    for (const says of ['Nothing has changed since it was first seen.', '⚠ May have lost data'])
      expect(text).toContain(says);
  });

  it('does not know a task of another account or of none', async () => {
    const stage = await stageWith();
    for (const path of ['/tasks/prod/rep-2', '/tasks/games/rep-1', '/tasks/prod/%3Cscript%3E'])
      expect((await stage.get(path)).status).toBe(404);
    expect(await (await stage.get('/tasks/prod/%3Cscript%3E')).text()).not.toContain('<script>');
  });

  it('shows the command lines in place of forms to a reader without a session', async () => {
    const stage = await stageWith();
    const answer = await stage.get(HERE);
    const text = await answer.text();
    expect(text.replaceAll(/<[^>]*>/g, '')).toContain('repairwatch ack rep-1 --revision 1 --by NAME');
    expect(text.replaceAll(/<[^>]*>/g, '')).toContain('repairwatch mute rep-1 --until 8h --reason REASON --by NAME');
    expect(text).not.toContain(`action="${HERE}/ack"`);
  });
});

describe('a form of the page', () => {
  it('acknowledges the task as it was shown, and takes that back', async () => {
    const stage = await stageWith();
    const { get, send } = browser(stage);
    expect(await get(HERE)).toContain('name="revision" value="1"');
    expect(await send('ack', { by: ' Ann ', until: '8h', revision: '1' })).toMatchObject({
      status: 303,
      location: `${HERE}?done=acknowledged`,
    });
    const { acks } = await stage.store.silences(T0);
    expect(acks).toMatchObject([{ by: 'Ann', revision: 1, until: T0 + 8 * HOUR_MS }]);
    expect(await get(`${HERE}?done=acknowledged`)).toContain('Acknowledged by Ann');
    const taken = await send('ack', { by: 'Ann', revision: '1', withdraw: '1' });
    expect(taken.location).toBe(`${HERE}?done=withdrawn`);
    expect((await stage.store.silences(T0)).acks).toEqual([]);
  });

  it('is refused with the new state where the task has moved since it was shown', async () => {
    const stage = await stageWith();
    const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
    const moved = taskRow({ taskId: 'rep-1', authTime: T0 + HOUR_MS }, { revision: 2 });
    await stage.store.commitPage(poll, [], () => page({ write: [moved] }));
    const { send, get } = browser(stage);
    const { status, text } = await send('ack', { by: 'Ann', until: '', revision: '1' });
    expect(status).toBe(409);
    expect(text).toContain('The task has changed since you saw it (revision 1, now 2), so nothing was acknowledged.');
    expect(text).toContain('name="revision" value="2"');
    // Its address cannot be read again.
    expect([text.includes('data-live'), (await get(HERE)).includes('data-live')]).toEqual([false, true]);
    expect(text).toContain('>1 h</time>');
    expect(text).toContain('name="by" value="Ann"');
    expect((await stage.store.silences(T0)).acks).toEqual([]);
  });

  it('is refused where the task no longer waits', async () => {
    const stage = await stageWith({ taskStatus: 2 });
    const { status, text } = await browser(stage).send('ack', { by: 'Ann', revision: '1' });
    expect([status, text.includes('no longer waits for authorization')]).toEqual([409, true]);
  });

  it('mutes with an end and a reason, covers the danger that the task has, and ends it', async () => {
    const stage = await stageWith({ authType: 8 });
    const { get, send } = browser(stage);
    const made = await send('mute', {
      until: '8h',
      'until-exactly': '2026-12-01T09:00+08:00',
      reason: 'drill',
      by: '',
    });
    expect(made.location).toBe(`${HERE}?done=muted`);
    const { mutes } = await stage.store.silences(T0);
    expect(mutes).toMatchObject([
      {
        by: null,
        reason: 'drill',
        dataLoss: true,
        until: Date.parse('2026-12-01T01:00Z'),
        target: { taskId: 'rep-1' },
      },
    ]);
    expect(await get(HERE)).toContain('Mute 1 covers this task.');
    expect((await send('unmute', { mute: '1', by: 'Bob' })).location).toBe(`${HERE}?done=unmuted`);
    expect((await stage.store.silences(T0)).mutes).toEqual([]);
    expect((await send('unmute', { mute: '1', by: 'Bob' })).status).toBe(409);
  });

  it('makes one mute of a form that was sent twice', async () => {
    const stage = await stageWith();
    const { send } = browser(stage);
    const fields = { until: '8h', reason: 'drill', by: 'Ann' };
    await send('mute', fields);
    await stage.clock.advance(2_000);
    expect((await send('mute', fields)).location).toBe(`${HERE}?done=muted`);
    expect((await stage.store.silences(T0)).mutes).toHaveLength(1);
    await send('mute', { ...fields, until: '24h' });
    expect((await stage.store.silences(T0)).mutes).toHaveLength(2);
  });

  it('leaves a task that does not risk data to be told once it does, unless it is asked for', async () => {
    const stage = await stageWith();
    const { send } = browser(stage);
    await send('mute', { until: '8h', reason: 'drill' });
    await send('mute', { until: '8h', reason: 'drill', 'even-data-loss': '1' });
    expect((await stage.store.silences(T0)).mutes.map(({ dataLoss }) => dataLoss)).toEqual([false, true]);
  });

  it('ends no mute that does not cover the task', async () => {
    const stage = await stageWith();
    const target = { kind: 'match', match: { zone: ['elsewhere'] } } as const;
    await stage.store.mute({ target, dataLoss: false, by: null, reason: 'drill', until: T0 + HOUR_MS }, T0);
    expect((await browser(stage).send('unmute', { mute: '1' })).status).toBe(409);
    expect((await stage.store.silences(T0)).mutes).toHaveLength(1);
  });

  it.each([
    ['ack', { by: ' ', revision: '1' }, 'Say who you are'],
    ['ack', { by: 'a'.repeat(65), revision: '1' }, 'The name is too long'],
    ['ack', { by: 'Ann', revision: '1', until: 'tomorrow' }, 'The end must be a duration'],
    ['mute', { until: '8h', reason: '' }, 'Say why'],
    ['mute', { until: '91d', reason: 'drill' }, 'within 90 days'],
    ['mute', { until: '0h', reason: 'drill' }, 'The end has passed'],
  ])('%s with %j says what is wrong', async (form, fields, says) => {
    const stage = await stageWith();
    const { status, text } = await browser(stage).send(form, fields);
    expect([status, text.includes(says)]).toEqual([422, true]);
    expect(await stage.store.silences(T0)).toEqual({ acks: [], mutes: [] });
  });

  it('keeps what was typed into a form of an earlier session, says that nothing was done, and takes it the second time', async () => {
    const stage = await stageWith();
    const { send } = browser(stage);
    const fields = { until: '8h', reason: 'moved to the new host' };
    const old = await send('mute', { ...fields, key: stage.access.formKey('another') });
    expect(old.status).toBe(403);
    expect(old.text).toContain('You have signed in anew since you loaded that form, so nothing was done.');
    expect(old.text).toContain('value="moved to the new host"');
    expect((await stage.store.silences(T0)).mutes).toEqual([]);
    const [, key = ''] = /name="key" value="([^"]+)"/.exec(old.text) ?? [];
    expect((await send('mute', { ...fields, key })).location).toBe(`${HERE}?done=muted`);
  });

  it('leads to the login and back to the task where the session has ended under a form', async () => {
    const stage = await stageWith();
    const ask = (accept: string, site = 'same-origin') =>
      stage.app.request(`${HERE}/ack`, {
        method: 'POST',
        body: new URLSearchParams({ by: 'Ann', revision: '1' }),
        headers: {
          Accept: accept,
          Cookie: `${SESSION_COOKIE}=1.ended`,
          'Accept-Language': 'en',
          'Sec-Fetch-Site': site,
        },
      });
    const answer = await ask('text/html,*/*');
    expect([answer.status, answer.headers.get('Location')]).toEqual([
      303,
      `/login?ended=1&next=${encodeURIComponent(HERE)}`,
    ]);
    const login = await (await stage.app.request(answer.headers.get('Location') ?? '')).text();
    expect(login).toContain('Your session had ended, so nothing was done.');
    expect(login).toContain(`name="next" value="${HERE}"`);
    expect((await ask('application/json')).status).toBe(401);
    expect((await ask('text/html,*/*', 'cross-site')).status).toBe(401);
  });

  it('writes nothing without a session, from another site, or with the key of another session', async () => {
    const stage = await stageWith();
    const { send } = browser(stage);
    const fields = { by: 'Ann', revision: '1' };
    expect((await send('ack', { ...fields, key: stage.access.formKey('another') })).status).toBe(403);
    expect((await send('ack', fields, { Origin: 'https://evil.example', Host: '127.0.0.1:9420' })).status).toBe(403);
    expect((await send('ack', fields, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    const withToken = await stage.app.request(`${HERE}/ack`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect(withToken.status).toBe(403);
    expect((await stage.store.silences(T0)).acks).toEqual([]);
  });
});

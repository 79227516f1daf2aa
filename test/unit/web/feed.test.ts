import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import type { StoredTask } from '../../../src/store/store.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.ts';
import { readCalendar } from '../../support/read-calendar.ts';
import { page, T0, taskRow } from '../../support/store-world.ts';
import { openWebStage, type WebStage } from '../../support/web-stage.ts';

async function write(stage: WebStage, rows: readonly Omit<StoredTask, 'seenPoll'>[]): Promise<void> {
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  await stage.store.commitPage(poll, [], () => page({ write: rows }));
}

/** Each event's properties by name, unfolded. */
async function events(stage: WebStage, query = ''): Promise<readonly Readonly<Record<string, string>>[]> {
  const answer = await stage.get(`/feed.ics${query}`);
  expect(answer.status).toBe(200);
  const text = (await answer.text()).replaceAll('\r\n ', '');
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2.0\r\n[\s\S]*\r\nEND:VCALENDAR\r\n$/);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  return text
    .split('BEGIN:VEVENT\r\n')
    .slice(1)
    .map((event) =>
      Object.fromEntries(
        event
          .split('\r\n')
          .filter((line) => line.includes(':'))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
      ),
    );
}

describe('/feed.ics', () => {
  it('is opened by the token or by its own key, and by nothing else', async () => {
    const { app, access, get } = await openWebStage();
    expect((await get('/feed.ics')).status).toBe(200);
    expect((await app.request(`/feed.ics?key=${access.feedKey}`)).status).toBe(200);
    for (const query of ['', '?key=', '?key=wrong', '?key=correct-horse-battery-staple'])
      expect((await app.request(`/feed.ics${query}`)).status).toBe(401);
    expect((await app.request(`/api/tasks?key=${access.feedKey}`)).status).toBe(401);
  });

  it('is found on the timeline, under an address that needs no token', async () => {
    const { app, get } = await openWebStage();
    const link = /href="(\/feed\.ics\?key=[^"]+)"/.exec(await (await get('/timeline')).text())?.[1];
    expect((await app.request(link ?? '/nowhere')).status).toBe(200);
  });

  it('has an event for each task at its planned start, with a link to its page', async () => {
    const stage = await openWebStage();
    await write(stage, [taskRow({ taskId: 'rep-a', authTime: T0 + HOUR_MS, alias: 'web;1,2\n', authType: 8 })]);
    const answer = await stage.get('/feed.ics');
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const [event] = await events(stage);
    expect(event).toMatchObject({
      UID: expect.stringMatching(/^[0-9a-f]{32}@repairwatch$/),
      DTSTART: '20261124T050000Z',
      SEQUENCE: '1',
      STATUS: 'CONFIRMED',
      SUMMARY: 'MAY LOSE DATA · web\\;1\\,2 · Instance running risk · Pending authorization',
      URL: 'https://repairs.example.com/tasks/prod/rep-a',
    });
    expect(event?.['DESCRIPTION']).toContain('rep-a\\n');
  });

  it('keeps the UID and raises SEQUENCE when a task moves; what was cancelled or avoided is cancelled', async () => {
    const stage = await openWebStage();
    await write(stage, [taskRow({ taskId: 'rep-a' })]);
    const [before] = await events(stage);
    for (const [taskStatus, revision, status] of [
      [5, 2, 'CANCELLED'],
      [6, 3, 'CANCELLED'],
      [3, 4, 'CONFIRMED'],
    ] as const) {
      await write(stage, [taskRow({ taskId: 'rep-a', taskStatus }, { ending: 'closed', revision, changedAt: T0 })]);
      const [after] = await events(stage);
      expect(after).toMatchObject({ UID: before?.['UID'], SEQUENCE: String(revision), STATUS: status });
    }
  });

  it('leaves out what has no known start, and what was closed more than 30 days ago', async () => {
    const stage = await openWebStage();
    const closed = (taskId: string, changedAt: number) =>
      taskRow({ taskId, taskStatus: 3 }, { ending: 'closed', changedAt });
    await write(stage, [
      taskRow({ taskId: 'rep-disk', taskTypeId: 106, authTime: null }),
      closed('rep-recent', T0 - 30 * DAY_MS),
      closed('rep-old', T0 - 30 * DAY_MS - 1),
    ]);
    expect((await events(stage)).map((event) => event['URL'])).toEqual([
      'https://repairs.example.com/tasks/prod/rep-recent',
    ]);
  });

  it('has an estimated start as tentative, an alarm where it is wanted, and the words of a language', async () => {
    const stage = await openWebStage();
    await write(stage, [taskRow({ taskId: 'rep-a', authTime: null }), taskRow({ taskId: 'rep-b', taskStatus: 4 })]);
    const shown = (await events(stage, '?alarm=1h30m&language=zh-CN&account=prod')).toSorted((a, b) =>
      String(a['UID']) < String(b['UID']) ? -1 : 1,
    );
    expect(shown.map((event) => [event['STATUS'], event['TRIGGER']])).toEqual([
      ['TENTATIVE', '-PT90M'],
      ['CONFIRMED', undefined],
    ]);
    expect(shown[0]?.['SUMMARY']).toContain('待授权');
    expect((await events(stage)).some((event) => 'TRIGGER' in event)).toBe(false);
  });

  it('shows what waits first, then what is booked or under way, then what was cancelled, then what has ended', async () => {
    const stage = await openWebStage();
    const closed = { ending: 'closed', changedAt: T0 } as const;
    await write(stage, [
      taskRow({ taskId: 'rep-ended', taskStatus: 3 }, closed),
      taskRow({ taskId: 'rep-cancelled', taskStatus: 5 }, { ...closed, changedAt: T0 - DAY_MS }),
      taskRow({ taskId: 'rep-under-way', taskStatus: 2, authType: 8, authTime: T0 }),
      taskRow({ taskId: 'rep-waits' }),
      taskRow({ taskId: 'rep-unlisted' }, { ending: 'unlisted', changedAt: T0 - HOUR_MS }),
    ]);
    const ids = (await events(stage)).map((event) => event['URL']?.split('/').at(-1));
    expect(ids).toEqual(['rep-waits', 'rep-under-way', 'rep-cancelled', 'rep-ended', 'rep-unlisted']);
  });

  it('shows every task of a long list, and at most 10,000 open ones beside what was cancelled', async () => {
    const stage = await openWebStage();
    const ids = Array.from({ length: 10_001 }, (_, i) => `rep-${String(i).padStart(5, '0')}`);
    await write(
      stage,
      ids.slice(0, 450).map((taskId) => taskRow({ taskId })),
    );
    expect(new Set((await events(stage)).map((event) => event['UID'])).size).toBe(450);
    await write(
      stage,
      ids.map((taskId) => taskRow({ taskId })),
    );
    await write(stage, [taskRow({ taskId: 'rep-x', taskStatus: 5 }, { ending: 'closed', changedAt: T0 })]);
    const shown = await events(stage);
    expect(shown).toHaveLength(10_001);
    expect(shown.at(-1)?.['STATUS']).toBe('CANCELLED');
  });

  it('is a calendar by every rule of RFC 5545, whatever the tasks are called, in either language', async () => {
    const stage = await openWebStage();
    const texts = [
      ...HOSTILE_TEXTS.map(([, text]) => text),
      '维修任务'.repeat(40),
      '👩‍👩‍👧‍👦'.repeat(30),
      `${'x'.repeat(60)}é`,
      'e\u0301'.repeat(80),
    ];
    await write(
      stage,
      texts.flatMap((text, at) => [
        taskRow({
          taskId: `rep-a${at}`,
          alias: text,
          instanceId: text,
          zone: text,
          taskTypeId: 999,
          taskTypeName: text,
        }),
        taskRow({ taskId: `rep-b${at}`, alias: text, taskStatus: 5 }, { ending: 'closed' }),
      ]),
    );
    for (const language of ['en', 'zh-CN']) {
      const answer = await stage.get(`/feed.ics?language=${language}&alarm=4h`);
      const { components } = readCalendar(new Uint8Array(await answer.arrayBuffer()));
      expect(components).toHaveLength(2 * texts.length);
      const uids = components.map(({ properties }) => properties.find(({ name }) => name === 'UID')?.value);
      expect(new Set(uids).size).toBe(components.length);
    }
  });

  it('ends short where the store fails under way, so that no half is taken for the whole', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
    const stage = await openWebStage({}, { log });
    await write(
      stage,
      Array.from({ length: 250 }, (_, i) => taskRow({ taskId: `rep-${i}` })),
    );
    const { taskPart } = stage.store;
    let asked = 0;
    Object.assign(stage.store, {
      taskPart: (...query: Parameters<typeof taskPart>) => {
        asked += 1;
        return asked === 2 ? Promise.reject(new Error('disk full')) : taskPart(...query);
      },
    });
    const answer = await stage.get('/feed.ics');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(lines.map((line) => line.includes('"event":"page-failed"'))).toEqual([true]);
  });

  it.each([
    ['a line that is too long', `SUMMARY:${'x'.repeat(68)}`],
    ['a comma as it is', 'SUMMARY:a,b'],
    ['a property that comes twice', 'UID:2'],
    ['a line feed alone', 'SUMMARY:a\n'],
  ])('is judged by a reader that finds %s', (_, line) => {
    const event = ['BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20261124T000000Z', 'DTSTART:20261124T000000Z', line, 'END:VEVENT'];
    const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...event, 'END:VCALENDAR', ''].join('\r\n');
    expect(() => readCalendar(Buffer.from(text))).toThrow();
    expect(readCalendar(Buffer.from(text.replace(`${line}\r\n`, ''))).components).toHaveLength(1);
  });

  it.each([
    ['?alarm=soon', 'alarm is "soon"; it must be a duration such as 4h'],
    ['?account=other', 'There is no account "other"'],
    ['?languag=en', 'There is no parameter "languag"'],
  ])('refuses %s with one sentence', async (query, says) => {
    const answer = await (await openWebStage()).get(`/feed.ics${query}`);
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.stringContaining(says) }]);
  });
});

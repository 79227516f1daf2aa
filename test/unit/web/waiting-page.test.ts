import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { page, pollEnd, T0, taskRow } from '../../support/store-world.ts';
import { openWebStage, TOKEN, type WebStage } from '../../support/web-stage.ts';

type Some = Partial<RepairTask> & { readonly taskId: string };

async function stageWith(tasks: readonly Some[], closed: readonly Some[] = []): Promise<WebStage> {
  const stage = await openWebStage();
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  await stage.store.commitPage(poll, [], () =>
    page({
      write: [...tasks.map((task) => taskRow(task)), ...closed.map((task) => taskRow(task, { ending: 'closed' }))],
    }),
  );
  await stage.store.finishLive(poll, T0);
  await stage.store.endPoll(poll, pollEnd({ endedAt: T0 }));
  return stage;
}

async function textOf(stage: WebStage, path = '/', language = 'en'): Promise<string> {
  const headers = { Authorization: `Bearer ${TOKEN}`, 'Accept-Language': language };
  const answer = await stage.app.request(path, { headers });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

/** The tasks that a page shows, in its order. */
const idsOf = (text: string): readonly string[] =>
  [...text.matchAll(/ id="tasks\/prod\/([^"]+)"/g)].map(([, id]) => id ?? '');

const withoutMarkup = (text: string): string => text.replaceAll(/<[^>]*>/g, '');

const inHours = (hours: number): number => T0 + hours * HOUR_MS;

describe('what waits', () => {
  it('is listed by time left, what may lose data on top, the first with its next step', async () => {
    const stage = await stageWith([
      { taskId: 'rep-late', authTime: inHours(30) },
      { taskId: 'rep-soon', authTime: inHours(1), alias: 'web-1' },
      { taskId: 'rep-disk', authType: 8, taskTypeId: 103, authTime: null },
      { taskId: 'rep-risk', authType: 5, authTime: inHours(3), alias: 'order-db-3', instanceId: 'ins-1' },
      { taskId: 'rep-booked', taskStatus: 4 },
    ]);
    const text = await textOf(stage);
    expect(idsOf(text)).toEqual(['rep-risk', 'rep-disk', 'rep-soon', 'rep-late']);
    const first = text.slice(text.indexOf('class="first risk"'), text.indexOf('class="lane risk"'));
    for (const says of ['Most urgent', 'May lose data', 'order-db-3', 'Back up the local disks.', '>3 h</time>'])
      expect(first).toContain(says);
    expect(first).toContain('Allows: Shutdown, or migration that discards local disks');
    expect(withoutMarkup(first)).toContain('--TaskId rep-risk --Operate AuthorizeRepair --OrderAuthTime');
    expect(first).toContain(`href="${stage.config.consoleUrl}"`);
    expect(text).toContain('Starts even sooner, without a risk for data: <a href="#tasks/prod/rep-soon">web-1</a>');
    expect(text).toContain('<dd>4</dd>');
  });

  it('says in a sentence which one without a risk should have started already', async () => {
    const stage = await stageWith([
      { taskId: 'rep-risk', authType: 8, authTime: inHours(3) },
      { taskId: 'rep-late', authTime: inHours(-1) },
    ]);
    const says = withoutMarkup(await textOf(stage));
    expect(says).toContain(
      'without a risk for data: web-1 was to start by itself Tue 2026-11-24 11:00 GMT+8; may do so',
    );
    expect(withoutMarkup(await textOf(stage, '/', 'zh-CN'))).toContain('web-1 已过计划开始时间 2026-11-24 周二 11:00');
  });

  it.each([
    ['en', 'Authorize it in the console.', 'Back up the local disks. Then authorize it in the console.'],
    ['zh-CN', '到控制台授权。', '先备份本地盘数据，再到控制台授权。'],
  ])('speaks of no command where none is known to be safe (%s)', async (language, step, stepWithRisk) => {
    const saidOf = async (task: Some): Promise<string | undefined> =>
      /class="say">([^<]*)/.exec(await textOf(await stageWith([task]), '/', language))?.[1];
    expect(await saidOf({ taskId: 'rep-1', instanceId: null })).toBe(step);
    expect(await saidOf({ taskId: 'rep-1', instanceId: null, authType: 8 })).toBe(stepWithRisk);
  });

  it('shows who has taken a task on, and what keeps it silent', async () => {
    const stage = await stageWith([{ taskId: 'rep-1' }]);
    await stage.store.acknowledge({ account: 'prod', taskId: 'rep-1', revision: 1, by: '<b>Ann', until: null }, T0);
    expect(await textOf(stage)).toContain('Acknowledged by &lt;b&gt;Ann');
  });

  it('is narrowed by the address, each choice with the number of tasks that it leaves', async () => {
    const stage = await stageWith([
      { taskId: 'rep-1', taskTypeId: 101, zone: 'ap-guangzhou-7', product: 'CVM' },
      { taskId: 'rep-2', taskTypeId: 105, zone: 'ap-guangzhou-7', product: 'CDH' },
      { taskId: 'rep-3', taskTypeId: 105, zone: 'ap-shanghai-5', product: 'CVM', alias: '订单服务-07' },
      { taskId: 'rep-4', taskStatus: 4, zone: 'ap-shanghai-5' },
    ]);
    expect(idsOf(await textOf(stage, '/?type=105'))).toEqual(['rep-2', 'rep-3']);
    expect(idsOf(await textOf(stage, '/?type=105&zone=ap-shanghai-5'))).toEqual(['rep-3']);
    expect(idsOf(await textOf(stage, '/?product=CDH&account=prod'))).toEqual(['rep-2']);
    expect(idsOf(await textOf(stage, '/?status=4'))).toEqual(['rep-4']);
    expect(idsOf(await textOf(stage, '/?status=open')).toSorted()).toEqual(['rep-1', 'rep-2', 'rep-3', 'rep-4']);
    expect(idsOf(await textOf(stage, `/?text=${encodeURIComponent('订单')}`))).toEqual(['rep-3']);
    const text = await textOf(stage, '/?zone=ap-guangzhou-7');
    expect(text).toContain('<option value="ap-guangzhou-7" selected>ap-guangzhou-7 (2)</option>');
    expect(text).toContain('<option value="ap-shanghai-5">ap-shanghai-5 (1)</option>');
    expect(text).toContain('<option value="105">Instance running warning (1)</option>');
  });

  it('shows closed tasks where a status asks for them, each with its words, part by part', async () => {
    const over = (i: number) => `rep-${String(i).padStart(3, '0')}`;
    const stage = await stageWith(
      [{ taskId: 'rep-waits' }],
      [
        ...Array.from({ length: 230 }, (_, i) => ({
          taskId: over(i),
          taskStatus: 3,
          endTime: T0,
          authType: i === 0 ? 8 : 2,
        })),
        { taskId: 'rep-x', taskStatus: 5, zone: 'ap-beijing-6' },
        { taskId: 'rep-y', taskStatus: 6 },
      ],
    );
    const ended = await textOf(stage, '/?status=3');
    expect(ended).toContain('<h1>Closed repair tasks</h1>');
    expect(ended).toContain('<option value="3" selected>Ended (230)</option>');
    expect(ended).toContain('<option value="5">Cancelled (1)</option>');
    expect(ended).toContain('<option value="closed">All closed (232)</option>');
    expect(ended).toMatch(/<span class="left">Ended<\/span> <span class="sub">ended Tue 2026-11-24/);
    expect(ended.match(/May have lost data/g)).toHaveLength(1);
    const rest = /rel="next" href="([^"]+)"/.exec(ended)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect([...idsOf(ended), ...idsOf(await textOf(stage, rest))]).toEqual(
      Array.from({ length: 230 }, (_, i) => over(i)),
    );
    expect(idsOf(await textOf(stage, '/?status=closed&zone=ap-beijing-6'))).toEqual(['rep-x']);
    expect(idsOf(await textOf(stage, '/?status=closed&text=REP-Y'))).toEqual(['rep-y']);
    expect(await textOf(stage, '/?status=6', 'zh-CN')).toContain('<span class="left">已避免</span>');
    expect(idsOf(await textOf(stage, '/?status=7'))).toEqual([]);
    expect(await textOf(stage)).toContain('<option value="3">Ended</option>');
  });

  it('puts what waits past its estimated start behind what is still to come, and says that it is to be checked', async () => {
    const createTime = inHours(-60);
    const stage = await stageWith([
      { taskId: 'rep-late', authTime: inHours(30) },
      { taskId: 'rep-guess', authTime: null, createTime },
      { taskId: 'rep-risk-guess', authType: 8, authTime: null, createTime },
      { taskId: 'rep-risk', authType: 8, authTime: inHours(40) },
    ]);
    const text = await textOf(stage);
    expect(idsOf(text)).toEqual(['rep-risk', 'rep-risk-guess', 'rep-late', 'rep-guess']);
    expect(text).toContain('May lose data, and the estimated start has passed: 1</h2>');
    expect(text).toContain('>The estimated start has passed: 1</h2>');
    expect(text).toContain('check it in the console');
    expect(text).toContain('Starts even sooner, without a risk for data: <a href="#tasks/prod/rep-late">');
    const alone = await stageWith([{ taskId: 'rep-guess', authTime: null, createTime }]);
    expect(await textOf(alone, '/', 'zh-CN')).toContain('已过预计开始时间');
    const other = await stageWith([
      { taskId: 'rep-risk-guess', authType: 8, authTime: null, createTime },
      { taskId: 'rep-late', authTime: inHours(30) },
    ]);
    expect(idsOf(await textOf(other))).toEqual(['rep-late', 'rep-risk-guess']);
  });

  it('goes on where a page ends, with a text as without one, until every task was shown once', async () => {
    const tasks = Array.from({ length: 450 }, (_, i) => ({
      taskId: `rep-${String(i).padStart(3, '0')}`,
      authTime: inHours(1) + i * MINUTE_MS,
      alias: i % 2 === 0 ? 'even' : 'odd',
    }));
    const stage = await stageWith(tasks);
    for (const [start, expected] of [
      ['/', tasks],
      ['/?text=EVEN', tasks.filter(({ alias }) => alias === 'even')],
    ] as const) {
      const seen: string[] = [];
      for (let path: string | undefined = start; path !== undefined; ) {
        const text = await textOf(stage, path);
        const ids = idsOf(text);
        expect(ids.length).toBeLessThanOrEqual(200);
        seen.push(...ids);
        path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      }
      expect(seen).toEqual(expected.map(({ taskId }) => taskId));
    }
  });

  it('keeps 200 rows of long names under 300 kB', async () => {
    const alias = '订单服务-'.repeat(12);
    const stage = await stageWith(
      Array.from({ length: 230 }, (_, i) => ({ taskId: `rep-${i}x`, alias, instanceId: `ins-${i}`, authType: 4 })),
    );
    expect(Buffer.byteLength(await textOf(stage, '/', 'zh-CN'))).toBeLessThan(300_000);
  });

  it('lets no markup of a customer through, in no language', async () => {
    const hostile = '"><script>alert(1)</script>\u202e';
    const stage = await stageWith([
      { taskId: hostile, alias: hostile, zone: hostile, product: hostile, instanceId: hostile, authType: 9 },
      { taskId: 'rep-\ud800', alias: hostile, zone: hostile, lanIp: hostile },
    ]);
    for (const language of ['en', 'zh-CN'])
      for (const path of ['/', `/?text=${encodeURIComponent(hostile)}`, `/?zone=${encodeURIComponent(hostile)}`]) {
        const text = await textOf(stage, path, language);
        expect(text).not.toContain('<script>alert');
        // What a choice sends stays as it is in the store; what is read has no mark that turns it round.
        expect(text.replaceAll(/<[^>]*>/g, '')).not.toContain('\u202e');
      }
  });
});

describe('a list without a task', () => {
  it('says that nothing waits only where every account was read', async () => {
    const stage = await stageWith([]);
    expect(await textOf(stage)).toContain('Nothing waits for you.');
    await stage.store.syncAccounts(
      [
        { name: 'prod', filterKey: 'all' },
        { name: '游戏', filterKey: 'all' },
      ],
      T0,
    );
    const text = await textOf(stage);
    expect(text).not.toContain('Nothing waits for you.');
    expect(text).toContain('In the accounts that were read, no task waits.');
    expect(text).toContain('游戏: not known, never read completely');
  });

  it('is not known where the only account was not read for three intervals', async () => {
    const stage = await stageWith([]);
    await stage.clock.advance(HOUR_MS);
    const text = await textOf(stage, '/', 'zh-CN');
    expect(text).toContain('是否有待授权任务，目前未知。');
    expect(text).toContain('以下账号的情况未知');
  });

  it('says that nothing passes the filters, and still what is not known', async () => {
    const stage = await stageWith([{ taskId: 'rep-1' }]);
    await stage.clock.advance(HOUR_MS);
    const text = await textOf(stage, '/?zone=nowhere');
    expect(text).toContain('No task passes these filters.');
    expect(text).toContain('What waits in this account is not known');
  });

  it('leads from a form that was sent with fields left alone to the address of its list', async () => {
    const stage = await stageWith([{ taskId: 'rep-1' }]);
    const leadsTo = async (path: string) => {
      const answer = await stage.get(path);
      return answer.status === 303 ? answer.headers.get('Location') : answer.status;
    };
    expect(await leadsTo('/?account=&status=&type=&zone=&product=&text=foo')).toBe('/?text=foo');
    expect(await leadsTo('/?account=&status=&type=&zone=&product=&text=')).toBe('/');
    expect(await leadsTo('/?zone=ap-1&text=%20')).toBe('/?zone=ap-1');
    expect(await leadsTo('/?type=none&zone=ap-1')).toBe('/?zone=ap-1');
    expect(await leadsTo('/?zone=ap-1')).toBe(200);
  });

  it('begins anew where the address names no place of a list', async () => {
    const stage = await stageWith([{ taskId: 'rep-1' }]);
    const answer = await stage.get('/?type=101&after=nonsense');
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/?type=101']);
  });
});

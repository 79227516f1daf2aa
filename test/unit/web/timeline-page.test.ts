import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { commitPending, page, T0, taskRow } from '../../support/store-world.ts';
import { openWebStage } from '../../support/web-stage.ts';

/** `prod` and `lab`, with a task that starts in three hours, one that is overdue and one whose repair has begun. */
async function opened() {
  const stage = await openWebStage();
  const { store } = stage;
  await store.syncAccounts(
    [
      { name: 'prod', filterKey: 'all' },
      { name: 'lab', filterKey: 'all' },
    ],
    T0,
  );
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  await store.commitPage(poll, [], () =>
    page({
      write: [
        taskRow({ taskId: 'rep-soon', authTime: T0 + 3 * HOUR_MS, alias: '<b>bold</b>', zone: 'ap-beijing-6' }),
        taskRow({ taskId: 'rep-overdue', authTime: T0 - 5 * HOUR_MS, authType: 8 }),
        taskRow({ taskId: 'rep-far', authTime: T0 + 99 * HOUR_MS }),
        taskRow({ taskId: 'rep-begun', taskStatus: 2 }),
      ],
      changes: [{ taskId: 'rep-begun', at: T0 - HOUR_MS, from: 1, to: 2, event: null }],
    }),
  );
  const lab = await store.beginPoll('lab', 'poll', T0);
  await commitPending(store, lab.poll, []);
  return stage;
}

it('shows what starts within three days, the overdue at the beginning, as marks and as a table', async () => {
  const html = await (await (await opened()).get('/timeline')).text();
  expect(html).toContain('The next 72 hours');
  // Over a mark that is one task stands which one, and when to the minute.
  expect(html).toMatch(/<title>[^<]*: overdue since [^<]* 07:00 GMT\+8, may lose data<\/title>/);
  expect(html).toMatch(/<title>&lt;b&gt;bold&lt;\/b&gt; \([^<]*\): starts [^<]* 15:00 GMT\+8<\/title>/);
  expect(html.match(/class="mark( risk)?"/g)?.length).toBe(3 + 4); // three tasks, two legends of two
  expect(html).toMatch(/rep-overdue[\s\S]*rep-soon/);
  expect(html).not.toContain('rep-far');
  expect(html).toContain('/tasks/prod/rep-begun');
  expect(html).not.toContain('<b>bold');
});

it('shows what ended unseen at the moment of its authorization, and says so', async () => {
  const stage = await opened();
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  const over = (taskId: string, authTime: number) =>
    taskRow({ taskId, taskStatus: 3, authTime, zone: null }, { ending: 'closed' });
  const write = [
    over('rep-over-a', T0 - 49 * HOUR_MS),
    over('rep-over-b', T0 - 48 * HOUR_MS),
    over('rep-old', T0 - 31 * 24 * HOUR_MS),
  ];
  await stage.store.commitPage(poll, [], () => page({ write }));
  const html = await (await stage.get('/timeline')).text();
  expect(html).toContain('<title>prod, 2026-11-22: 2 tasks · by the time of the authorization</title>');
  expect(html).toContain('<title>prod, 2026-11-24: 1 task · seen to start</title>');
  expect(html).toContain('href="/?account=prod&amp;status=closed"');
  expect(html).toContain(
    '<tr><th scope="row">2026-11-22</th><td class="num">2</td><td class="num">0</td><td class="num">2</td><td class="num">0</td></tr>',
  );
  expect(html).not.toContain('rep-old');
});

it('has a row for each zone where that is asked for', async () => {
  const html = await (await (await opened()).get('/timeline?by=zone')).text();
  expect(html).toMatch(/class="lane-name"><bdi>ap-beijing-6</);
  expect(html).toMatch(/class="lane-name"><bdi>ap-guangzhou-7</);
  expect(html).toContain('aria-current="true">zone');
});

it('says so where nothing starts', async () => {
  const html = await (await (await openWebStage()).get('/timeline')).text();
  expect(html).toContain('No task that waits starts by itself within 72 hours, as far as is known.');
  expect(html).toContain('No repair is known to have started in the last 30 days.');
});

import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { apiRoutes } from '../../../src/web/api/api.ts';
import { createCounted } from '../../../src/web/counted.ts';
import { feedRoutes } from '../../../src/web/feed.ts';
import { metricRoutes } from '../../../src/web/metrics/metrics.ts';
import { probeRoutes } from '../../../src/web/probes.ts';
import type { WebEnv } from '../../../src/web/web-app.ts';
import { answerSchema, misfits, openApi } from '../../support/open-api.ts';
import {
  claimedOf,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  pollEnd,
  T0,
  taskRow,
} from '../../support/store-world.ts';
import { openWebStage, type WebStage } from '../../support/web-stage.ts';

const HOSTILE = '"><script>alert(1)</script>\u202e=1+1\r\n';

/** Two pending tasks, one of them of a hostile customer and muted, one acknowledged; one booked, one closed; one message delivered, one waiting. */
async function worldStage(): Promise<WebStage> {
  const stage = await openWebStage();
  const { store } = stage;
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  const ids = ['rep-a', 'rep-b'];
  await store.commitPage(poll, [], () =>
    page({
      write: [
        taskRow({ taskId: 'rep-a', authTime: T0 + HOUR_MS, alias: HOSTILE }),
        taskRow({ taskId: 'rep-b', authTime: T0 + 2 * HOUR_MS, authType: 8, taskTypeId: 103 }),
        taskRow({ taskId: 'rep-c', taskStatus: 4, zone: null }),
        taskRow({ taskId: 'rep-d', taskStatus: 5 }, { ending: 'closed' }),
      ],
      changes: ids.map((taskId) => ({ taskId, at: T0, from: null, to: 1, event: pendingAlert(taskId).event })),
      alerts: ids.map((taskId) => pendingAlert(taskId)),
    }),
  );
  const set = {
    set: 'live',
    complete: true,
    reason: null,
    requests: 1,
    distinct: 4,
    totalCount: 4,
    setAside: 0,
  } as const;
  await store.endPoll(poll, pollEnd({ endedAt: T0, sets: [set] }));
  const claimed = claimedOf(await store.claim(LANE, T0, LEASE_MS, oneEach));
  await store.settle(claimed, { state: 'delivered', at: T0 + 1, receipt: 'ok' });
  await store.acknowledge({ account: 'prod', taskId: 'rep-b', by: 'li', until: null, revision: null }, T0);
  const target = { kind: 'match', match: { taskType: [101] } } as const;
  await store.mute({ target, dataLoss: false, by: null, reason: 'test', until: T0 + HOUR_MS }, T0);
  return stage;
}

async function json(stage: WebStage, path: string, status = 200) {
  const answer = await stage.get(path);
  expect([path, answer.status]).toEqual([path, status]);
  return (await answer.json()) as Readonly<Record<string, never>>; // each test looks at what it asked for
}

const idsOf = (part: Readonly<Record<string, never>>): readonly string[] =>
  Array.from<{ readonly taskId: string }>(part['tasks'] ?? []).map(({ taskId }) => taskId);

describe('/api', () => {
  it.each([
    ['/api/tasks', '/api/tasks'],
    ['/api/tasks?state=closed', '/api/tasks'],
    ['/api/tasks/rep-a', '/api/tasks/{id}'],
    ['/api/tasks/prod/rep-a', '/api/tasks/{account}/{id}'],
    ['/api/tasks/prod/rep-b', '/api/tasks/{account}/{id}'],
    ['/api/polls', '/api/polls'],
    ['/api/deliveries', '/api/deliveries'],
  ])('answers %s as docs/openapi.yaml says', async (path, documented) => {
    const schema = answerSchema(documented, 200);
    expect(schema).not.toBeNull();
    expect(misfits(await json(await worldStage(), path), schema ?? {})).toEqual([]);
  });

  it.each([
    ['/api/tasks?limit=0', 400, 'limit is "0"; it must be a number from 1 to 500.'],
    ['/api/tasks?acount=prod', 400, 'There is no parameter "acount" here; there are state, account,'],
    ['/api/tasks?account=test', 400, 'There is no account "test"; there are prod.'],
    ['/api/tasks?status=1&status=3', 400, 'status has both open'],
    ['/api/tasks?type=x', 400, 'type is "x"; it must be a number'],
    [`/api/tasks?${'zone=x&'.repeat(101)}`, 400, 'zone is given 101 times; give it at most 100 times.'],
    ['/api/tasks?after=x', 400, 'after is "x", which no answer gave as next'],
    ['/api/polls?after=x', 400, 'after is "x", which no answer gave as next'],
    ['/api/deliveries?state=lost', 400, 'state is "lost"; it must be waiting or'],
    ['/api/tasks/rep-none', 404, 'No account knows a task of this id'],
    ['/api/tasks/test/rep-a', 404, 'No account knows a task of this id'],
    ['/api/nothing', 404, 'There is nothing at this address'],
  ])('refuses %s with %i and one sentence', async (path, status, says) => {
    const problem = await json(await worldStage(), path, status);
    expect(problem).toEqual({ error: expect.stringContaining(says) });
    const [documented = ''] = path.split('?');
    const schema = answerSchema(documented, status);
    if (schema !== null) expect(misfits(problem, schema)).toEqual([]);
  });

  it('wants the token', async () => {
    const { app } = await openWebStage();
    for (const path of ['/api/tasks', '/api/tasks/rep-a', '/api/polls', '/api/deliveries', '/api/nothing'])
      expect((await app.request(path)).status).toBe(401);
  });

  it('narrows as the page does', async () => {
    const stage = await worldStage();
    const ids = async (query: string) => idsOf(await json(stage, `/api/tasks?${query}`));
    expect(await ids('')).toEqual(['rep-b', 'rep-a']);
    expect(await ids('state=open')).toEqual(['rep-b', 'rep-c', 'rep-a']);
    expect(await ids('status=4&status=2')).toEqual(['rep-c']);
    expect(await ids('status=5')).toEqual(['rep-d']);
    expect(await ids('type=103&type=106')).toEqual(['rep-b']);
    expect(await ids('text=SCRIPT')).toEqual(['rep-a']);
    expect(await ids('account=prod&product=CDH')).toEqual([]);
  });

  it('pages by cursor, and each list ends with null', async () => {
    const stage = await worldStage();
    for (const [path, name] of [
      ['/api/tasks?state=open', 'tasks'],
      ['/api/polls?account=prod', 'polls'],
      ['/api/deliveries?state=delivered', 'deliveries'],
    ] as const) {
      const whole = await json(stage, path);
      const found: unknown[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const part: Readonly<Record<string, never>> = await json(
          stage,
          `${path}&limit=1${next === '' ? '' : `&after=${next}`}`,
        );
        found.push(...(part[name] ?? []));
        next = part['next'] ?? null;
      }
      expect(found).toEqual(whole[name]);
      expect(whole['next']).toBeNull();
      expect(found.length).toBeGreaterThan(0);
    }
  });

  it('gives texts as they came, as JSON that no browser takes for a page', async () => {
    const answer = await (await worldStage()).get('/api/tasks/prod/rep-a');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.json()).toMatchObject({ alias: HOSTILE, mute: { reason: 'test' } });
  });

  it('has every route for machines in docs/openapi.yaml, and no other there', async () => {
    const stage = await openWebStage();
    const app = new Hono<WebEnv>();
    const deps = { ...stage, ...createCounted(stage), view: stage.store };
    for (const add of [probeRoutes, metricRoutes, apiRoutes, feedRoutes]) add(app, deps);
    const served = app.routes
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
    expect([...new Set(served)].toSorted()).toEqual(Object.keys(openApi.paths).toSorted());
  });
});

describe('the check of answers', () => {
  it('finds what is missing, of another type, or not described', () => {
    const schema = answerSchema('/api/polls', 200) ?? {};
    expect(misfits({ polls: [{ id: 'x' }], more: 1 }, schema)).toEqual(
      expect.arrayContaining(['$: has no next', '$.polls[0]: has no account', '$.polls[0].id: is string, not integer']),
    );
    expect(misfits({ polls: [], next: null, more: 1 }, schema)).toEqual(['$: has more, which is not described']);
  });
});

import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { codeLabel } from '../../../src/web/metrics/code-label.ts';
import {
  claimedOf,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pollEnd,
  pollThatFinds,
  T0,
  taskRow,
} from '../../support/store-world.ts';
import { openWebStage, type WebStage } from '../../support/web-stage.ts';

async function samples(stage: WebStage): Promise<readonly string[]> {
  const answer = await stage.get('/metrics');
  expect(answer.status).toBe(200);
  return (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const of = (lines: readonly string[], name: string) => lines.filter((line) => /^\w+/.exec(line)?.[0] === name);

describe('/metrics', () => {
  it('wants the token', async () => {
    const { app } = await openWebStage();
    expect((await app.request('/metrics')).status).toBe(401);
  });

  it('shows what is stored: open tasks, deadlines, ages, what waits', async () => {
    const stage = await openWebStage();
    const { store, clock } = stage;
    expect(of(await samples(stage), 'repairwatch_nearest_deadline_seconds')).toEqual([]);
    const { poll } = await store.beginPoll('prod', 'poll', T0);
    const rows = [
      taskRow({ taskId: 'rep-a', authTime: T0 + HOUR_MS }),
      taskRow({ taskId: 'rep-b', authTime: T0 + 2 * HOUR_MS, authType: 8 }),
      taskRow({ taskId: 'rep-c', taskTypeId: 999, taskStatus: 4 }),
      // An estimate that passed hours ago is no deadline any more.
      taskRow({ taskId: 'rep-d', taskTypeId: 102, authTime: null, createTime: T0 - 53 * HOUR_MS }),
    ];
    await store.commitPage(poll, [], () => page({ write: rows }));
    await store.endPoll(poll, pollEnd({ endedAt: T0 }));
    await store.acknowledge({ account: 'prod', taskId: 'rep-a', by: 'li', until: null, revision: null }, T0);
    await clock.advance(MINUTE_MS);
    const lines = await samples(stage);
    expect(lines).toEqual(
      expect.arrayContaining([
        'repairwatch_open_tasks{account="prod",status="pending",type="101",data_loss="false"} 1',
        'repairwatch_open_tasks{account="prod",status="pending",type="101",data_loss="true"} 1',
        'repairwatch_open_tasks{account="prod",status="scheduled",type="other",data_loss="false"} 1',
        'repairwatch_nearest_deadline_seconds{account="prod"} 3540',
        'repairwatch_nearest_unacknowledged_deadline_seconds{account="prod"} 7140',
        'repairwatch_complete_poll_age_seconds{account="prod"} 60',
        'repairwatch_poll_interval_seconds{account="prod"} 300',
        'repairwatch_account_known{account="prod"} 1',
        'repairwatch_account_blocked{account="prod"} 0',
        'repairwatch_messages_waiting 0',
        'repairwatch_oldest_waiting_seconds{channel="slack"} 0',
        'repairwatch_channel_down{channel="slack"} 0',
      ]),
    );
    expect(of(lines, 'repairwatch_build_info')).toEqual([
      expect.stringMatching(/version="\d[^{}]*node="\d[^{}]*"\} 1$/),
    ]);
  });

  it('forgets a label whose tasks are gone', async () => {
    const stage = await openWebStage();
    await pollThatFinds(stage.store, ['rep-a']);
    expect(of(await samples(stage), 'repairwatch_open_tasks')).toHaveLength(1);
    await stage.store.syncAccounts([], T0);
    expect(of(await samples(stage), 'repairwatch_open_tasks')).toEqual([]);
  });

  it('shows how long something waits, and what is dead', async () => {
    const stage = await openWebStage();
    await pollThatFinds(stage.store, ['rep-a']);
    await stage.clock.advance(MINUTE_MS);
    expect(of(await samples(stage), 'repairwatch_oldest_waiting_seconds')).toEqual([
      'repairwatch_oldest_waiting_seconds{channel="slack"} 60',
    ]);
    const claimed = claimedOf(await stage.store.claim(LANE, T0, LEASE_MS, oneEach));
    await stage.store.settle(claimed, { state: 'dead', at: T0, reason: 'no' });
    const lines = await samples(stage);
    expect(lines).toContain('repairwatch_messages_dead 1');
    expect(lines).toContain('repairwatch_messages_waiting 0');
  });

  it('counts what the parts of the service report, from 0 on', async () => {
    const stage = await openWebStage();
    const { meter } = stage;
    expect(await samples(stage)).toEqual(
      expect.arrayContaining([
        'repairwatch_polls_total{account="prod",kind="poll",result="complete"} 0',
        'repairwatch_messages_total{channel="slack",outcome="dead"} 0',
        'repairwatch_api_throttles_total{account="prod"} 0',
      ]),
    );
    meter.read('prod', 'poll', 'complete');
    meter.requested('prod', 'RequestLimitExceeded.UinLimitExceeded', true);
    meter.settled('slack', 'delivered');
    meter.told('slack', 7_000);
    meter.told('slack', -5);
    meter.transaction('write')();
    expect(await samples(stage)).toEqual(
      expect.arrayContaining([
        'repairwatch_polls_total{account="prod",kind="poll",result="complete"} 1',
        'repairwatch_api_requests_total{account="prod",code="RequestLimitExceeded"} 1',
        'repairwatch_api_throttles_total{account="prod"} 1',
        'repairwatch_messages_total{channel="slack",outcome="delivered"} 1',
        'repairwatch_delivery_latency_seconds_bucket{le="5",channel="slack"} 1',
        'repairwatch_delivery_latency_seconds_bucket{le="10",channel="slack"} 2',
        'repairwatch_delivery_latency_seconds_count{channel="slack"} 2',
        'repairwatch_database_transaction_seconds_count{kind="write"} 1',
      ]),
    );
  });

  it.each([
    ['OK', 'OK'],
    ['AuthFailure.SignatureExpire', 'AuthFailure.SignatureExpire'],
    ['AuthFailure.Whatever', 'AuthFailure'],
    ['HTTP 502', 'HTTP 5xx'],
    ['HTTP 429', 'HTTP 429'],
    ['constructor', 'other'],
    ['"} 1\nevil', 'other'],
  ])('the code %j is counted as %s, so that no API can make labels without end', (code, label) => {
    expect(codeLabel(code)).toBe(label);
  });
});

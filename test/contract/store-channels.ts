import { expect, test } from 'vitest';
import {
  claimedOf,
  digestFacts,
  LANE,
  LEASE_MS,
  oneEach,
  pollThatFinds,
  T0,
  waitingAlerts,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function channelCases(the: TheStore): void {
  const nowhere = () => [];
  const alertsOf = async (channel: string): Promise<readonly string[]> =>
    (await waitingAlerts(the(), channel, T0 + 50)).map(({ subject }) =>
      subject.kind === 'task' ? subject.task.taskId : subject.notice.code,
    );

  test('nothing is dropped while every channel is configured', async () => {
    await pollThatFinds(the(), ['rep-a']);
    expect(await the().dropChannels(['slack'], nowhere, ['mail'], T0)).toEqual([]);
    expect(await alertsOf('slack')).toEqual(['rep-a']);
  });

  test('waiting alerts of a removed channel are routed anew, those of the operator to his channels', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c'], ['slack']);
    await the().raise({ at: T0, code: 'poll-stale', subject: 'prod', facts: {} }, ['slack']);
    const route = (_account: string, task: { taskId: string }) =>
      task.taskId === 'rep-a' ? ['chat', 'mail'] : task.taskId === 'rep-b' ? ['chat'] : [];
    expect(await the().dropChannels(['chat', 'mail'], route, ['mail'], T0)).toEqual(['slack']);
    expect(await alertsOf('slack')).toEqual([]);
    expect(await alertsOf('chat')).toEqual(['rep-a', 'rep-b']);
    expect(await alertsOf('mail')).toEqual(['rep-a', 'rep-c', 'poll-stale']);
    expect(await the().dropChannels(['chat', 'mail'], route, ['mail'], T0)).toEqual([]);
  });

  test('an alert that another channel has told already is not told there again', async () => {
    await pollThatFinds(the(), ['rep-a'], ['slack', 'mail']);
    const told = claimedOf(await the().claim({ channels: ['mail'] }, T0, LEASE_MS, oneEach));
    await the().settle(told, { state: 'delivered', at: T0, receipt: 'ok' });
    await the().dropChannels(['mail'], () => ['mail'], ['mail'], T0);
    expect(await alertsOf('mail')).toEqual([]);
  });

  test('what a message of a removed channel told and nobody settled waits for another channel', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    await the().claim(LANE, T0, LEASE_MS, oneEach);
    expect(await the().dropChannels(['mail'], nowhere, ['mail'], T0 + 3)).toEqual(['slack']);
    expect(await the().deliveries({ limit: 9 })).toEqual([]);
    expect(await alertsOf('mail')).toEqual(['rep-a', 'rep-b']);
    expect(await the().dropChannels(['mail'], nowhere, ['mail'], T0 + 4)).toEqual([]);
  });

  test('a digest to a removed channel is dead and says why', async () => {
    await the().syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: T0 }], T0);
    const digest = { name: 'morning', scheduledAt: T0, nextAt: T0 + 1, channels: ['slack'] };
    await the().makeDigest(digest, T0, digestFacts);
    expect(await the().dropChannels(['mail'], nowhere, ['mail'], T0 + 3)).toEqual(['slack']);
    const dead = {
      kind: 'digest',
      state: 'dead',
      reason: 'the channel slack is no longer configured',
      settledAt: T0 + 3,
    };
    expect(await the().deliveries({ limit: 9 })).toMatchObject([dead]);
  });

  test('what has nowhere to go stays and is seen', async () => {
    await pollThatFinds(the(), ['rep-a']);
    expect(await the().dropChannels([], nowhere, [], T0)).toEqual(['slack']);
    expect(await the().backlog()).toMatchObject({ waiting: 1 });
  });
}

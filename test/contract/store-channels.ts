import { expect, test } from 'vitest';
import { claimedOf, LANE, LEASE_MS, oneEach, pollThatFinds, T0 } from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function channelCases(the: TheStore): void {
  const nowhere = () => [];
  const alertsOf = async (channel: string): Promise<readonly string[]> => {
    let ids: string[] = [];
    await the().claim({ channels: [channel] }, T0 + 50, LEASE_MS, (waiting) => {
      ids = waiting.map(({ subject }) => (subject.kind === 'task' ? subject.task.taskId : subject.notice.code));
      return [];
    });
    return ids;
  };

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

  test('made messages of a removed channel are dead and say why', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    await the().claim(LANE, T0, LEASE_MS, oneEach);
    expect(await the().dropChannels(['mail'], nowhere, ['mail'], T0 + 3)).toEqual(['slack']);
    const dead = { state: 'dead', reason: 'the channel slack is no longer configured', settledAt: T0 + 3 };
    expect(await the().deliveries({ limit: 9 })).toMatchObject([dead, dead]);
    expect(await the().dropChannels(['mail'], nowhere, ['mail'], T0 + 4)).toEqual([]);
  });

  test('what has nowhere to go stays and is seen', async () => {
    await pollThatFinds(the(), ['rep-a']);
    expect(await the().dropChannels([], nowhere, [], T0)).toEqual(['slack']);
    expect(await the().backlog()).toMatchObject({ waiting: 1 });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { seededRandom } from '../../src/sandbox/seeded-random.ts';
import type { HookRequest } from '../../src/sandbox/slack-hook.ts';
import { keyOf, type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

const KILLS = 20;
/** A stop must end within 8 s, whatever hangs. */
const STOP_WITHIN_MS = 8_000;

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

function byKey(requests: readonly HookRequest[]): Map<string, HookRequest[]> {
  return Map.groupBy(requests, keyOf);
}

describe('SIGKILL', () => {
  it('at 20 random moments loses nothing, and a repeat is the same message under the same key', {
    timeout: 120_000,
  }, async () => {
    const world = kit.sandbox.world();
    const random = seededRandom(20_261_124);
    const ids: string[] = [];
    for (let kills = 0; kills < KILLS; kills += 1) {
      const service = kit.start();
      await service.waitForLog('service-started');
      ids.push(world.add().TaskId, world.add().TaskId);
      await systemClock.sleep(random() * 1_200, new AbortController().signal); // the moment of the kill is what is tested
      await service.stop('SIGKILL');
    }
    const service = kit.start();
    const all = ids.map((taskId) => kit.hook.accepted.until((request) => textOf(request).includes(taskId)));
    await Promise.all(all);
    await service.polls(2);
    const messages = byKey(kit.hook.accepted.entries);
    expect(messages.has('')).toBe(false);
    for (const repeats of messages.values()) expect(new Set(repeats.map((request) => request.body)).size).toBe(1);
    for (const taskId of ids) {
      const keys = [...messages].filter(([, [request]]) => request !== undefined && textOf(request).includes(taskId));
      expect(keys, `messages about ${taskId}`).toHaveLength(1);
    }
  });

  it('after Slack accepted and before the service knew repeats the same bytes', async () => {
    const service = kit.start();
    await service.polls(1);
    kit.hook.fault({ kind: 'accept-then-hang', times: 1 });
    const { TaskId } = kit.sandbox.world().add();
    await kit.hook.accepted.until((request) => textOf(request).includes(TaskId));
    await service.stop('SIGKILL');
    const second = kit.start();
    const [first, repeat] = await kit.hook.accepted.untilCount(2, (request) => textOf(request).includes(TaskId));
    expect(repeat?.body).toBe(first?.body);
    await second.polls(2);
    expect(kit.hook.accepted.entries.filter((request) => textOf(request).includes(TaskId))).toHaveLength(2);
  });
});

describe('SIGTERM', () => {
  it('in the middle of a poll ends in time and loses nothing', async () => {
    const service = kit.start();
    await service.polls(1);
    kit.sandbox.fault({ kind: 'hang' });
    const { TaskId } = kit.sandbox.world().add();
    const arrived = kit.sandbox.arrivals.entries.length;
    await kit.sandbox.arrivals.untilCount(arrived + 1);
    const end = await service.stop();
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.tookMs).toBeLessThan(STOP_WITHIN_MS);
    kit.sandbox.clearFaults();
    kit.start();
    await kit.hook.accepted.until((request) => textOf(request).includes(TaskId));
  });

  it('in the middle of a delivery ends in time and the message is repeated', async () => {
    const service = kit.start();
    await service.polls(1);
    kit.hook.fault({ kind: 'hang', times: 1 });
    const { TaskId } = kit.sandbox.world().add();
    await kit.hook.requests.until((request) => textOf(request).includes(TaskId));
    const end = await service.stop();
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.tookMs).toBeLessThan(STOP_WITHIN_MS);
    kit.start();
    await kit.hook.accepted.until((request) => textOf(request).includes(TaskId));
  });
});

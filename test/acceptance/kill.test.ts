import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

/** A stop must end within 8 s, whatever hangs. */
const STOP_WITHIN_MS = 8_000;

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

// At every other point, and at random: chaos.test.ts.
describe('SIGKILL', () => {
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

import { expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { nextMessage } from '../../../src/outbox/next-message.ts';
import { poll } from '../../../src/poll/poll.ts';
import { createRoute } from '../../../src/poll/route.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const LIMITS = { linesPerMessage: 20, idsPerMessage: 200, messagesPerRollUp: 4 };

it('thousands of tasks that no route matches reach the operator in a few messages, one of them saying why', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < 2_000; made += 1) world.birth(NOW - DAY_MS + made * SECOND_MS);
  const kit = await pollKit(world);
  const route = createRoute([], ['ops']);
  await poll(kit.account, { ...kit.deps, route }, new AbortController().signal);
  const kinds: string[] = [];
  for (;;) {
    const claim = await kit.store.claim({ channels: ['ops'] }, NOW, 1_000, (waiting) =>
      nextMessage(waiting, () => LIMITS, NOW),
    );
    if (claim.kind === 'nothing') break;
    kinds.push(claim.claimed.message.facts.kind);
    await kit.store.settle(claim.claimed, { state: 'delivered', at: NOW, receipt: 'ok' });
  }
  expect(kinds.filter((kind) => kind === 'operator')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'roll-up').length).toBeGreaterThan(0);
  expect(kinds.length).toBeLessThanOrEqual(10);
});

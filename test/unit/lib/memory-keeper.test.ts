import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/lib/clock.ts';
import { createMemoryKeeper } from '../../../src/lib/memory-keeper.ts';

it('memory is given back at the first call and then once a minute, however often it is called', () => {
  let now = 0;
  let collected = 0;
  const giveBack = createMemoryKeeper({ monotonic: () => now }, () => {
    collected += 1;
  });
  for (; now < 3 * MINUTE_MS; now += 15_000) giveBack();
  expect(collected).toBe(3);
});

it('without a collector nothing happens', () => {
  expect(createMemoryKeeper({ monotonic: () => 0 }, null)).not.toThrow();
});

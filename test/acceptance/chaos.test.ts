import { describe, expect, it } from 'vitest';
import { CHANNELS, KILL_CLASSES } from '../../bench/chaos/journal.ts';
import { reportOf, storiesOf, wrongOf } from '../../bench/chaos/report.ts';
import { runChaos } from '../../bench/chaos/run-chaos.ts';

const EACH_CLASS = 2;
const SEED = 20_261_124;

describe('in an accelerated life with faults and SIGKILLs', () => {
  it('everything due is told, nothing twice, and every repeat has its reason, wherever the process died', {
    timeout: 600_000,
  }, async () => {
    const result = await runChaos({ seed: SEED, minutes: 0, untilClasses: EACH_CLASS, print: () => undefined });
    expect(wrongOf(result), [...reportOf(result), ...storiesOf(result)].join('\n')).toEqual([]);
    for (const name of KILL_CLASSES) expect(result.hits.get(name), name).toBeGreaterThanOrEqual(EACH_CLASS);
    for (const channel of CHANNELS) {
      const { pending, reminder } = result.verdict.told[channel];
      expect(pending.alone, channel).toBeGreaterThan(0);
      expect(reminder.alone + reminder.folded, channel).toBeGreaterThan(0);
    }
  });
});

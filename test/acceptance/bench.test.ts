import { describe, expect, it } from 'vitest';
import { measureAccounts } from '../../bench/reading/accounts.ts';
import { measureFullSpeed, measureMillion } from '../../bench/reading/full-speed.ts';
import { measurePaced } from '../../bench/reading/paced.ts';
import { measurePage } from '../../bench/reading/page.ts';
import { measureQuiet } from '../../bench/reading/quiet.ts';
import { measureService } from '../../bench/reading/service.ts';
import { markdownOf } from '../../bench/reading/table.ts';

describe('the bench of reading', () => {
  it.each([
    ['a paced backfill', () => measurePaced({ tasks: 300, latencyMs: 1, officialPages: 2 })],
    ['full speed', () => measureFullSpeed(300, 1)],
    ['memory', () => measureMillion(300, 200)],
    ['quiet polls', () => measureQuiet({ closed: [100, 200], live: 50 })],
    ['the page', () => measurePage({ closed: 100, pending: 250, readings: 3, polls: 1 })],
    ['many accounts', () => measureAccounts({ accounts: 20, stuck: 1, tasks: 10, latencyMs: 1, everyS: 2, rounds: 1 })],
    ['the running service', () => measureService(5, 1, () => undefined)],
  ])('still measures %s', async (_, measure) => {
    const results = await measure();
    expect(results).not.toEqual([]);
    const table = markdownOf(results).join('\n');
    for (const { what } of results) expect(table).toContain(what);
    expect(table).not.toMatch(/NaN|Infinity/);
  });
});

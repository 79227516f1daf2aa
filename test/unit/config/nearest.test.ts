import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/schema.ts';
import { nearestName } from '../../../src/lib/nearest-name.ts';
import { problems } from './load-text.ts';

const KEYS = Object.keys(configSchema.shape);

/** A key with one letter dropped, added, changed or swapped with the next. */
const slip = fc
  .record({
    key: fc.constantFrom(...KEYS),
    at: fc.nat(20),
    letter: fc.constantFrom(...'abcxyz'),
    kind: fc.constantFrom('drop', 'add', 'change', 'swap'),
  })
  .map(({ key, at, letter, kind }) => {
    const place = at % key.length;
    const [before, here, after] = [key.slice(0, place), key[place] ?? '', key.slice(place + 1)];
    if (kind === 'drop') return { key, typo: before + after };
    if (kind === 'add') return { key, typo: before + letter + here + after };
    if (kind === 'change') return { key, typo: before + letter + after };
    return { key, typo: before + after.slice(0, 1) + here + after.slice(1) };
  })
  .filter(({ typo }) => !KEYS.includes(typo));

describe('the nearest name', () => {
  it('is suggested for any single slip in any top-level option', () => {
    void fc.assert(
      fc.property(slip, ({ key, typo }) => {
        const text = JSON.stringify({ accounts: [{ name: 'a' }], [typo]: {} });
        expect(problems(text)).toContain(`${typo} is not known; did you mean ${key}?`);
      }),
      { numRuns: 150 },
    );
  });

  it('is not made up where nothing is near', () => {
    expect(nearestName('colour', ['url', 'every'])).toBeNull();
    expect(nearestName('s', ['t'])).toBeNull();
    expect(nearestName('x'.repeat(100_000), ['url'])).toBeNull();
  });
});

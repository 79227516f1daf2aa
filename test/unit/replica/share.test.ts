import { expect, it } from 'vitest';
import { REPLICA, shareOf } from '../../../src/replica/share.ts';
import type { LeaseRecord } from '../../../src/store/store.ts';

const lane = (name: string) => ({ name, kind: 'lane' as const });
const lease = (name: string, owner: string, leftMs = 1000): LeaseRecord => ({ name, owner, fence: 1, leftMs });
const lives = (owner: string, leftMs = 15_000): LeaseRecord => lease(REPLICA + owner, owner, leftMs);
const held = (...names: string[]) => new Set(names);
const FOUR = ['a', 'b', 'c', 'd'].map(lane);

it('alone a replica takes everything that is free', () => {
  const leases = [lives('me'), lease('b', 'gone', 0), lease('c', 'late')];
  expect(shareOf(FOUR, held(), leases, 'me')).toEqual({ take: ['a', 'b', 'd'], give: [] });
});

it('beside others it takes up to an even share, rounded up', () => {
  const leases = [lives('me'), lives('you'), lives('she')];
  expect(shareOf(FOUR, held(), leases, 'me').take).toEqual(['a', 'b']);
  expect(shareOf(FOUR, held('d'), leases, 'me').take).toEqual(['a']);
});

it('gives back what is above its share when another comes, and nothing when it goes', () => {
  const mine = FOUR.map(({ name }) => lease(name, 'me'));
  expect(shareOf(FOUR, held('a', 'b', 'c', 'd'), [...mine, lives('you')], 'me')).toEqual({
    take: [],
    give: ['c', 'd'],
  });
  expect(shareOf(FOUR, held('a', 'b', 'c', 'd'), [...mine, lives('you', 0)], 'me')).toEqual({ take: [], give: [] });
});

it('does not count for one that has not renewed its lease when it should have', () => {
  expect(shareOf(FOUR, held('a', 'b'), [lives('you', 9000)], 'me').take).toEqual([]);
  expect(shareOf(FOUR, held('a', 'b'), [lives('you', 7000)], 'me').take).toEqual(['c', 'd']);
});

it('shares each kind by itself, and never gives back the only one of its kind', () => {
  const units = [...FOUR, { name: 'clock', kind: 'clock' as const }];
  const all = held('a', 'b', 'clock');
  expect(shareOf(units, all, [lives('you')], 'me')).toEqual({ take: [], give: [] });
  expect(shareOf(units, held('a', 'b'), [lives('you')], 'me')).toEqual({ take: ['clock'], give: [] });
});

it('takes anew what is its own by the store though it does not work on it, and leaves alone what it is just ending', () => {
  const leases = [lease('a', 'me'), lease('b', 'me', 0)];
  expect(shareOf([lane('a'), lane('b')], held('b'), leases, 'me').take).toEqual(['a']);
});

import { expect, it } from 'vitest';
import type { AccountConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { keptPlaces } from '../../../src/poll/kept-places.ts';
import { ACCOUNT } from '../../support/poll-kit.ts';

const POLL = {
  ...{ schedule: '* * * * *', timezone: 'UTC', lookbackMs: 0, overlapMs: 0, sinceMs: 0 },
  ...{ requestsPerSecond: 18, requestTimeoutMs: 0 },
};
const account = (name: string, secret: string): AccountConfig => ({
  ...ACCOUNT,
  name,
  key: { secretId: new Secret(name), secretKey: new Secret(secret), token: null },
});
const place = { at: null, nextTickAt: 60_000 };
const left = {
  config: {
    accounts: [account('same', 's'), account('rekeyed', 's'), account('owed', 's'), account('gone', 's')],
    poll: POLL,
  },
  places: new Map(['same', 'rekeyed', 'owed', 'gone'].map((name) => [name, place])),
  owed: new Set(['owed']),
};
const next = [account('same', 's'), account('rekeyed', 't'), account('owed', 's'), account('new', 's')];

it('an account that is as it was keeps its place, unless a poll is owed to it', () => {
  expect([...keptPlaces(left, { accounts: next, poll: POLL })]).toEqual([['same', place]]);
});

it('with other terms for all polls nobody does', () => {
  expect(keptPlaces(left, { accounts: next, poll: { ...POLL, overlapMs: 1 } }).size).toBe(0);
});

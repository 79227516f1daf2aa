import { expect, it } from 'vitest';
import { matchesPattern } from '../../../src/model/task-match.ts';
import { createRoute } from '../../../src/poll/route.ts';
import { repairTask } from '../../support/repair-task.ts';

const all = ['pending', 'changed', 'left', 'reminder'] as const;

it('the first route that matches decides, and the next ones are asked only where it says so', () => {
  const route = createRoute(
    [
      { match: { product: ['CDH'] }, channels: ['hosts'], events: all, continue: false },
      { match: { account: ['prod'], alias: 'web-*' }, channels: ['web'], events: ['pending'], continue: true },
      { match: {}, channels: ['ops'], events: ['pending', 'left'], continue: false },
    ],
    [],
  );
  expect(route('prod', repairTask({ product: 'CDH' }), 'pending').channels).toEqual(['hosts']);
  expect(route('prod', repairTask(), 'pending').channels).toEqual(['web', 'ops']);
  expect(route('test', repairTask(), 'pending').channels).toEqual(['ops']);
});

it('a route that matches but does not list the event is a decision, no match at all goes to the operator', () => {
  const routes = [{ match: { dataLoss: true }, channels: ['ops'], events: ['pending'], continue: false }] as const;
  const route = createRoute(routes, ['admin']);
  expect(route('prod', repairTask({ authType: 8 }), 'left')).toEqual({ matched: true, channels: [] });
  expect(route('prod', repairTask({ authType: 2 }), 'pending')).toEqual({ matched: false, channels: ['admin'] });
});

it('accounts may be matched by a pattern of their names', () => {
  const shops = { match: { account: ['shop-*', 'test'] }, channels: ['shops'], events: all, continue: false };
  const route = createRoute([shops], ['admin']);
  const told = ['shop-cn', 'test', 'test-2', 'my-shop-1'].map((name) => route(name, repairTask(), 'pending').channels);
  expect(told).toEqual([['shops'], ['shops'], ['admin'], ['admin']]);
});

it.each([
  ['web-*', 'web-1', true],
  ['web-*', 'db-1', false],
  ['*', '', true],
  ['web', 'web-1', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['a*a', 'a', false],
  ['*.prod', 'web.prod', true],
  ['w.b-*', 'web-1', false],
])('the pattern %s against %s: %s', (pattern, text, matches) => {
  expect(matchesPattern(pattern, text)).toBe(matches);
});

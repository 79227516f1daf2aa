import { expect, it } from 'vitest';
import { tellThrough } from '../../../src/outbox/tell-through.ts';

const lane = (...names: readonly string[]) => names.map((name) => ({ name }));

it('trouble of a lane is told through the operator’s channels on other lanes', () => {
  expect(tellThrough(['mail', 'slack'], ['mail', 'slack', 'dev'], lane('slack'))).toEqual(['mail']);
});

it('where the operator’s only lane is the broken one, through whatever else there is', () => {
  expect(tellThrough(['slack'], ['slack', 'slack-zh', 'mail'], lane('slack', 'slack-zh'))).toEqual(['mail']);
});

it('where there is no other lane, through none: the heartbeat is left', () => {
  expect(tellThrough(['slack'], ['slack'], lane('slack'))).toEqual([]);
});

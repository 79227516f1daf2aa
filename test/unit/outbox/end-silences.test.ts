import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import type { Ack, Mute, Silences } from '../../../src/model/silence.ts';
import { afterSilence } from '../../../src/outbox/end-silences.ts';
import type { HeldBackTask, StoredTask } from '../../../src/store/store.ts';
import { NOW } from '../../support/poll-kit.ts';
import { repairTask } from '../../support/repair-task.ts';
import { taskRow } from '../../support/store-world.ts';

const stored: StoredTask = {
  ...taskRow({ taskId: 'rep-1' }, { revision: 3, firstSeenAt: NOW - HOUR_MS }),
  seenPoll: 1,
};
const heldBack: HeldBackTask = { stored, channels: ['ops'], muted: true };
const NONE: Silences = { acks: [], mutes: [] };
const ack: Ack = { account: 'prod', taskId: 'rep-1', revision: 3, by: 'ann', at: NOW, until: null };
const mute: Mute = {
  id: 1,
  target: { kind: 'match', match: {} },
  dataLoss: false,
  by: null,
  reason: 'maintenance',
  at: NOW,
  until: NOW + HOUR_MS,
};
const told = (task: HeldBackTask, silences = NONE, configured = ['ops', 'mail']) =>
  afterSilence(task, silences, NOW, () => ({ matched: true, channels: ['mail'] }), configured);

it('what a mute held back and still waits is told once to the channels that were to hear of it', () => {
  expect(told(heldBack)).toEqual({
    taskId: 'rep-1',
    event: { event: 'pending', at: NOW, again: false, after: { over: 'mute', firstSeenAt: NOW - HOUR_MS } },
    dataLoss: false,
    firstRun: false,
    channels: ['ops'],
  });
  expect(told({ ...heldBack, muted: false })).toMatchObject({ event: { after: { over: 'ack' } } });
});

it('what no longer waits is not told', () => {
  expect(told({ ...heldBack, stored: { ...stored, ending: 'unlisted' } })).toBe('close');
  expect(told({ ...heldBack, stored: { ...stored, task: repairTask({ taskStatus: 2 }) } })).toBe('close');
});

it('another mute keeps it silent; an acknowledgement does so only where no mute held anything back', () => {
  expect(told(heldBack, { acks: [], mutes: [mute] })).toBe('keep');
  expect(told({ ...heldBack, muted: false }, { acks: [ack], mutes: [] })).toBe('keep');
  expect(told(heldBack, { acks: [ack], mutes: [] })).toMatchObject({ channels: ['ops'] });
});

it('where a channel is no longer configured, the routes say who is told', () => {
  expect(told({ ...heldBack, channels: ['gone'] })).toMatchObject({ channels: ['mail'] });
  expect(told({ ...heldBack, channels: ['gone', 'ops'] })).toMatchObject({ channels: ['ops', 'mail'] });
});

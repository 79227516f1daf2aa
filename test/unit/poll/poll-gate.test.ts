import { expect, it } from 'vitest';
import { SECOND_MS } from '../../../src/lib/clock.ts';
import { createPollGate } from '../../../src/poll/poll-gate.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

/** Lets so many accounts begin a poll that never ends; resolves with how many have begun by now. */
function crowd(gate: ReturnType<typeof createPollGate>, name: string, count: number) {
  const begun = new Map<string, () => void>();
  for (let i = 0; i < count; i += 1) {
    const account = `${name}-${i}`;
    void gate.enter(account, never).then((leave) => begun.set(account, leave));
  }
  return begun;
}

it('of 500 accounts that are due at once only some are polled at a time', async () => {
  const clock = createFakeClock(0);
  const gate = createPollGate(clock);
  const begun = crowd(gate, 'a', 500);
  await clock.advance(0);
  expect(begun.size).toBe(24);
  for (const leave of begun.values()) leave();
  await clock.advance(0);
  expect(begun.size).toBe(48);
});

it('an account that hangs keeps its place for ten seconds, and comes through others from then on', async () => {
  const clock = createFakeClock(0);
  const gate = createPollGate(clock);
  const hanging = crowd(gate, 'hangs', 200);
  await clock.advance(90 * SECOND_MS);
  expect(hanging.size).toBe(200);
  for (const leave of hanging.values()) leave();
  const again = crowd(gate, 'hangs', 200);
  const well = crowd(gate, 'well', 24);
  await clock.advance(0);
  expect(well.size).toBe(24);
  expect(again.size).toBe(8);
});

it('one that hung and answers again is among the others after its next poll', async () => {
  const clock = createFakeClock(0);
  const gate = createPollGate(clock);
  await gate.enter('hung', never);
  await clock.advance(10 * SECOND_MS);
  const slow = crowd(gate, 'slow', 32);
  await clock.advance(10 * SECOND_MS);
  const stuck = crowd(gate, 'slow', 8);
  await clock.advance(0);
  let entered = false;
  void gate.enter('hung', never).then((leave) => {
    entered = true;
    leave();
  });
  await clock.advance(0);
  expect([slow.size, stuck.size, entered]).toEqual([32, 8, false]);
  for (const leave of stuck.values()) leave();
  await clock.advance(0);
  expect(entered).toBe(true);
  crowd(gate, 'slow', 8);
  const leave = await gate.enter('hung', never);
  leave();
});

it('histories are read four at a time', async () => {
  const gate = createPollGate(createFakeClock(0));
  const leave = await gate.enterHistory(never);
  for (let i = 0; i < 3; i += 1) await gate.enterHistory(never);
  let fifth = false;
  const waits = gate.enterHistory(never).then(() => {
    fifth = true;
  });
  await new Promise(setImmediate);
  expect(fifth).toBe(false);
  leave();
  await waits;
});

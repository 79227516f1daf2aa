import fc from 'fast-check';
import { expect, it } from 'vitest';
import { authorizeCommands } from '../../../src/messages/command-lines.ts';
import { hostileTask } from '../../support/arbitrary-message.ts';
import { SAMPLE_AT, sampleTask } from '../../support/sample-message.ts';

const LINE =
  /^tccli cvm RepairTaskControl --Product (CVM|CDH|CPM2\.0) --InstanceIds '\["[a-z]+-[0-9a-z]+"\]' --TaskId [a-z]+-[0-9a-z]+ --Operate AuthorizeRepair( --OrderAuthTime '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d')?$/;
const MINUTE = 60_000;

/** The booked time of a line, read back as Beijing time. */
function bookedAt(line: string): number {
  const [, day, time] = /'(\S+) (\S+)'$/.exec(line) ?? [];
  return Date.parse(`${day}T${time}+08:00`);
}

it('gives the booked form on a round time an hour ahead, and the immediate one', () => {
  expect(authorizeCommands(sampleTask(), SAMPLE_AT)).toEqual({
    booked: `tccli cvm RepairTaskControl --Product CVM --InstanceIds '["ins-0a1b2c3d"]' --TaskId rep-0a1b2c3d --Operate AuthorizeRepair --OrderAuthTime '2026-01-02 12:30:00'`,
    immediate: `tccli cvm RepairTaskControl --Product CVM --InstanceIds '["ins-0a1b2c3d"]' --TaskId rep-0a1b2c3d --Operate AuthorizeRepair`,
  });
});

it('books before the deadline where that is near, and always 5 minutes to 48 hours ahead', () => {
  const near = authorizeCommands(sampleTask({ authTime: SAMPLE_AT + 40 * MINUTE }), SAMPLE_AT);
  expect(near?.booked).toContain("'2026-01-02 11:40:00'");
  fc.assert(
    fc.property(fc.integer({ min: -200, max: 4_000 }), fc.integer({ min: 0, max: 86_400 }), (minutes, seconds) => {
      const now = SAMPLE_AT + seconds * 1000;
      const ahead =
        bookedAt(authorizeCommands(sampleTask({ authTime: now + minutes * MINUTE }), now)?.booked ?? '') - now;
      expect(ahead).toBeGreaterThanOrEqual(5 * MINUTE);
      expect(ahead).toBeLessThanOrEqual(48 * 60 * MINUTE);
    }),
  );
});

it.each([
  { instanceId: null },
  { instanceId: 'ins-1; rm -rf /' },
  { instanceId: 'INS-1' },
  { taskId: "rep-1'" },
  { taskId: 'rep-1\n' },
  { taskId: `rep-${'a'.repeat(100)}` },
  { product: null },
  { product: 'LIGHTHOUSE' },
  { taskStatus: 2 },
])('leaves the lines out for %j', (fields) => {
  expect(authorizeCommands(sampleTask(fields), SAMPLE_AT)).toBeNull();
});

it('is made of checked values only and never asks for the lossy form, whatever the task holds', () => {
  fc.assert(
    fc.property(hostileTask, fc.constantFrom('CVM', 'CDH', 'CPM2.0', 'x'), fc.boolean(), (task, product, safeIds) => {
      const ids = safeIds ? { taskId: 'rep-1', instanceId: 'ins-1' } : {};
      const lines = authorizeCommands({ ...task, product, ...ids, taskStatus: 1 }, SAMPLE_AT);
      for (const line of Object.values(lines ?? {})) expect(line).toMatch(LINE);
    }),
  );
});

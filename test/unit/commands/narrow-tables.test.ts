import { describe, expect, it } from 'vitest';
import { deliveriesTable } from '../../../src/commands/deliveries.ts';
import { listTable } from '../../../src/commands/list-table.ts';
import { pollsTable } from '../../../src/commands/polls.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';
import type { PollRecord } from '../../../src/model/poll.ts';
import type { DeliveryRecord } from '../../../src/store/store.ts';
import { english } from '../../support/speakers.ts';
import { taskRow } from '../../support/store-world.ts';

const T0 = Date.UTC(2026, 10, 24, 4, 0, 7);

const poll: PollRecord = {
  id: 123_456,
  account: 'production-of-shanghai',
  kind: 'backfill',
  startedAt: T0,
  endedAt: T0 + 3_210,
  result: 'interrupted',
  reason: '维修'.repeat(60),
  sets: [],
  requests: 12_345,
  retries: 0,
  throttles: 0,
  clockOffsetMs: null,
  checkpointBefore: null,
  checkpointAfter: null,
};

const delivery: DeliveryRecord = {
  id: 1,
  key: 'rw-abcdefghij',
  channel: 'operators-of-shanghai',
  kind: 'operator',
  state: 'delivered',
  attempts: 3,
  madeAt: T0,
  settledAt: T0 + 60_000,
  nextAt: null,
  reason: '收件人 👩‍🚒 '.repeat(20),
  receipt: null,
  taskIds: ['rep-00000001', 'rep-00000002', 'rep-00000003', 'rep-00000004'],
};

const widest = (lines: readonly string[]): number => Math.max(...lines.map(displayWidth));

describe('on a terminal of 80 columns', () => {
  it('the ledger fits: short times, with their zone once', () => {
    const lines = pollsTable([poll], english, 80);
    expect(widest(lines)).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^123456 {2}produc\S* +backfill {2}2026-11-24 12:00 {2}interrupted/);
    expect(lines.at(-1)).toBe('times in Asia/Shanghai');
  });

  it('the messages fit: their tasks and reason below them', () => {
    const lines = deliveriesTable([delivery, { ...delivery, reason: null, settledAt: null }], english, 80);
    expect(widest(lines)).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^rw-abcdefghij {2}operators-\S+ +operator {2}delivered {2}3 +2026-11-24 12:01$/);
    expect(lines[2]).toContain('rep-00000001 rep-00000002 rep-00000003 +1 · 收件人');
    expect(lines.at(-1)).toBe('times in Asia/Shanghai');
  });
});

it('who has taken a task on stands before what every row says', () => {
  const stored = taskRow({ taskId: 'rep-1' });
  const ack = { account: 'prod', taskId: 'rep-1', revision: 1, by: 'Ann', at: T0, until: null };
  const [line] = listTable([stored], () => ({ ack, mute: null }), T0, english, { columns: 80, colour: false });
  expect(line).toMatch(/ {2}Acknowledged by Ann/);
});

it('where there is room every time is whole, and each row is a line', () => {
  const one = { ...poll, reason: null };
  expect(pollsTable([one], english, Number.POSITIVE_INFINITY)).toHaveLength(2);
  const [, line] = deliveriesTable([{ ...delivery, reason: null }], english, Number.POSITIVE_INFINITY);
  expect(line).toMatch(/Tue 2026-11-24 12:00 GMT\+8 {2}Tue 2026-11-24 12:01 GMT\+8 {2}rep-00000001 /);
});

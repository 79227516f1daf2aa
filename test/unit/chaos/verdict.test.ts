import { describe, expect, it } from 'vitest';
import { type Arrival, type ChannelName, emptyJournal, type Journal, type Kill } from '../../../bench/chaos/journal.ts';
import { judge as judgeBy } from '../../../bench/chaos/verdict.ts';
import { DAY_MS } from '../../../src/lib/clock.ts';
import { vendorRow } from '../../../src/sandbox/row.ts';
import { apiRequest } from '../../support/api-request.ts';

const TASK = 'rep-00000001';
const START = Date.UTC(2026, 10, 24);
const PENDING = { title: 'Repair pending: web-1', text: `Task ${TASK}` };
const LEFT = { title: 'Repair booked: web-1', text: `Task ${TASK}` };
const BOTH = {
  title: 'Repair booked: web-1',
  text: `Task ${TASK} What happened • 10:00: The repair is authorized and booked for a later time. • Waits for your authorization; first seen 9:00.`,
};
const LIST = {
  title: 'News of 9 repair tasks',
  text: `• ${TASK} · web-1 · CVM\n  prod · zone\n  The repair is authorized and\n  booked for a later time.\n• rep-other · web-2`,
};
const digest = (lists: string) => ({
  title: 'Digest often: 1 pending',
  text: `Covers a to b. ${lists}Accounts: 1 • prod`,
});
const NEW_AND_LEFT = digest(`New: 1 • ${TASK} · web-1 No longer pending: 1 • ${TASK} · web-1 `);

/** The API showed the task in status 1, then in 4; without `goesOn` to a process that may not have committed the latter. */
function journal(heard: readonly Arrival[], kills: readonly Kill[] = [], goesOn = true): Journal {
  const row = (TaskStatus: number) =>
    vendorRow({ TaskId: TASK, TaskStatus }, { number: 1, createdAt: START, utcOffsetMs: 0 });
  const requests = [[row(1)], [row(4)], ...(goesOn ? [null] : [])].map((rows, index) => {
    const at = START + index;
    const answer = rows === null ? null : { at, spoiled: false, rows };
    return apiRequest({ at, body: `${index}`, beginsPoll: true, answer });
  });
  return { ...emptyJournal(), requests, arrivals: [...heard], kills: [...kills], end: START + DAY_MS };
}

const judge = (all: Journal) => judgeBy(all, { rungsMs: { slack: [], mail: [] }, utcOffsetMs: 0 });

let made = 0;
function said(
  channel: ChannelName,
  what: { readonly title: string; readonly text: string },
  more: Partial<Arrival> = {},
): Arrival {
  made += 1;
  return {
    life: 1,
    at: START + 1000 + made,
    channel,
    key: `rw-${made}`,
    plain: false,
    answered: true,
    ...what,
    ...more,
  };
}

/** What is wrong when Slack hears this, and mail all that it should. */
function wrong(slack: readonly Arrival[], kills: readonly Kill[] = []): string[] {
  const mail = [said('mail', PENDING), said('mail', LEFT), said('mail', NEW_AND_LEFT)];
  const { misses, surplus, repeats } = judge(journal([...slack, ...mail], kills));
  return [...misses, ...surplus, ...repeats.unexplained, ...repeats.wrong];
}

describe('the verdict', () => {
  it('is content with each event told by itself, or both together', () => {
    expect(wrong([said('slack', PENDING), said('slack', LEFT)])).toEqual([]);
    expect(wrong([said('slack', BOTH)])).toEqual([]);
    expect(wrong([said('slack', LIST)]).filter((line) => line.includes(TASK))).toEqual([]);
  });

  it('names an event that no message tells', () => {
    expect(wrong([said('slack', LEFT)])).toEqual([expect.stringMatching(`^${TASK} was not told as pending on slack`)]);
    expect(wrong([said('slack', PENDING)])).toEqual([expect.stringMatching(`^${TASK} was not told as left on slack`)]);
  });

  it('names what is told under a second key, what was not due, and what was overtaken', () => {
    expect(wrong([said('slack', PENDING), said('slack', PENDING), said('slack', LEFT)])).toEqual([
      expect.stringContaining('(pending), which was not due or told already'),
    ]);
    const changed = { title: 'Pending repair changed: web-1', text: `Task ${TASK}` };
    expect(wrong([said('slack', PENDING), said('slack', changed), said('slack', LEFT)])).toHaveLength(1);
    expect(wrong([said('slack', LEFT), said('slack', PENDING)])).toHaveLength(2);
  });

  it('names what no digest lists, and what two do', () => {
    const mail = [said('mail', PENDING), said('mail', LEFT)];
    const slack = [said('slack', PENDING), said('slack', LEFT)];
    const first = said('mail', digest(`New: 1 • ${TASK} · web-1 `));
    expect(judge(journal([...slack, ...mail, first])).misses).toEqual([`${TASK} is in no digest as left`]);
    const twice = judge(journal([...slack, ...mail, first, said('mail', NEW_AND_LEFT)])).surplus;
    expect(twice).toEqual([expect.stringContaining('as pending, 1 were due')]);
  });

  it('lets the digests, too, say what the process had committed', () => {
    const silent = {
      title: '11 repair tasks were already pending',
      text: `• ${TASK} · web-1 · CVM • rep-other · web-2`,
    };
    const heard = [said('slack', silent), said('mail', silent), said('mail', NEW_AND_LEFT)];
    const { misses, surplus } = judge(journal(heard, [], false));
    expect([...misses, ...surplus].filter((line) => line.includes(TASK))).toEqual([]);
  });

  it('wants a reason for each repeat: a lost answer, or a process that died with the message in its hands', () => {
    const first = said('slack', PENDING, { key: 'rw-repeated' });
    const repeat = said('slack', PENDING, { key: 'rw-repeated', life: 2 });
    const rest = said('slack', LEFT);
    expect(wrong([first, repeat, rest])).toEqual([expect.stringContaining('rw-repeated on slack')]);
    expect(wrong([{ ...first, answered: false }, repeat, rest])).toEqual([]);
    const kill = { life: 1, at: START, plan: '', classes: [], sending: ['rw-repeated'] };
    expect(wrong([first, repeat, rest], [kill])).toEqual([]);
    expect(wrong([first, repeat, rest], [{ ...kill, life: 2 }])).toHaveLength(1);
    expect(wrong([first, repeat, rest], [{ ...kill, at: first.at + 3_000 }])).toHaveLength(1);
  });

  it('wants a repeat to be the same message, before anything newer on its lane', () => {
    const first = said('slack', PENDING, { key: 'rw-repeated', answered: false });
    const repeat = said('slack', { ...PENDING, text: `${PENDING.text} again` }, { key: 'rw-repeated' });
    expect(wrong([first, repeat, said('slack', LEFT)])).toEqual([expect.stringContaining('says something else')]);
    const late = said('slack', PENDING, { key: 'rw-repeated' });
    expect(wrong([first, said('slack', LEFT), late])).toEqual([expect.stringContaining('came after')]);
  });
});

import { expect, it } from 'vitest';
import { hear } from '../../../bench/chaos/heard.ts';
import { type Arrival, emptyJournal } from '../../../bench/chaos/journal.ts';
import { en } from '../../../src/messages/en.ts';

const TASK = 'rep-00000001';

function arrival(key: string, at: number, title: string, text: string): Arrival {
  return { life: 1, channel: 'slack', key, at, title, text, plain: false, answered: true };
}

const single = (key: string, at: number) => arrival(key, at, 'Repair pending: web-1', `Task ${TASK}`);
const rollUp = (key: string, at: number, intro: string) =>
  arrival(key, at, 'News of 9 repair tasks', `${intro} • ${TASK} · web-1`);

/** Each message about the task: its key, its first try, and after what it was made. */
function made(arrivals: readonly Arrival[], more: Partial<ReturnType<typeof emptyJournal>> = {}) {
  const heard = hear({ ...emptyJournal(), arrivals: [...arrivals], ...more });
  return heard.mentions('slack', TASK).map(({ key, at, madeAfter }) => [key, at, madeAfter]);
}

it('a message was made after what came before it on its lane, the parts of a roll-up together', () => {
  const many = en.lists.introMany;
  expect(made([single('a', 1), rollUp('b', 2, many), rollUp('c', 3, many), single('d', 4), single('e', 5)])).toEqual([
    ['a', 1, 0],
    ['b', 2, 1],
    ['c', 3, 1],
    ['d', 4, 1],
    ['e', 5, 4],
  ]);
});

it('when what is told after an outage was made nobody can know, nor of one that somebody sent again', () => {
  const returned = en.lists.introReturned('down', 'today');
  expect(made([single('a', 1), rollUp('b', 2, returned)])[1]).toEqual(['b', 2, 0]);
  expect(made([single('a', 1), single('b', 2)], { requeued: new Set(['a']) })[1]).toEqual(['b', 2, 0]);
  const tries = [{ channel: 'slack', key: 'b', at: 1 } as const];
  expect(made([single('a', 2), single('b', 3)], { tries, requeued: new Set(['b']) })[0]).toEqual(['b', 1, 0]);
});

it('messages are in the order of their first tries', () => {
  const tries = [
    { channel: 'slack', key: 'b', at: 1 } as const,
    { channel: 'slack', key: 'a', at: 2 } as const,
    { channel: 'slack', key: 'b', at: 3 } as const,
  ];
  expect(made([single('a', 2), single('b', 3)], { tries }).map(([key, at]) => [key, at])).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
});

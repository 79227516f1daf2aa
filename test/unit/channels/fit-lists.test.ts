import { expect, it } from 'vitest';
import { fitLists, type ListLine } from '../../../src/channels/slack/fit-lists.ts';

const line = (text: string, weight: number): ListLine => ({ forms: [text, text, text], must: false, weight });
const room = { room: 40, overhead: 0, cost: (text: string) => text.length };

it('a count whose heading no longer fits does not end under the heading before it', () => {
  const lines = [line('a'.repeat(20), 0), line('rep-a', 1), line('b'.repeat(30), 0), line('+ 9', 9)];
  const [fitted] = fitLists([{ lines, more: (count) => `and ${count} more` }], room);
  expect(fitted).toEqual(['a'.repeat(20), 'rep-a', 'and 9 more']);
});

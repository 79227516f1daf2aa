import { expect, it } from 'vitest';
import { createLog } from '../../../src/lib/log.ts';
import { createChangeFeed } from '../../../src/web/change-feed.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const NOW = Date.UTC(2026, 10, 24);

function opened() {
  const clock = createFakeClock(NOW);
  const lines: string[] = [];
  const view = { asked: 0, version: 'a' };
  const feed = createChangeFeed(
    {
      async version() {
        view.asked += 1;
        if (view.version === 'broken') throw new Error('disk');
        return view.version;
      },
    },
    clock,
    createLog({ level: 'warn', write: (line) => void lines.push(line) }),
  );
  return { clock, view, feed, lines };
}

it('tells every listener of a change within a second, and of nothing else', async () => {
  const { clock, view, feed } = opened();
  const told: string[] = [];
  feed.listen(() => told.push('one'));
  feed.listen(() => told.push('two'));
  await clock.advance(3_000);
  expect(told).toEqual([]);
  view.version = 'b';
  await clock.advance(1_000);
  expect(told).toEqual(['one', 'two']);
  await clock.advance(5_000);
  expect(told).toHaveLength(2);
});

it('looks only while someone listens', async () => {
  const { clock, view, feed } = opened();
  const [end, endToo] = [feed.listen(() => undefined), feed.listen(() => undefined)];
  await clock.advance(2_500);
  expect(view.asked).toBe(3);
  end();
  await clock.advance(1_000);
  expect(view.asked).toBe(4);
  endToo();
  await clock.advance(10_000);
  expect(view.asked).toBe(4);
  expect(clock.sleepers()).toBe(0);
});

it('goes on after the store could not be read, says so once, and tells what changed meanwhile', async () => {
  const { clock, view, feed, lines } = opened();
  let told = 0;
  feed.listen(() => {
    told += 1;
  });
  await clock.advance(1_000);
  view.version = 'broken';
  await clock.advance(3_000);
  expect(told).toBe(0);
  view.version = 'c';
  await clock.advance(1_000);
  expect(told).toBe(1);
  expect(lines).toHaveLength(1);
  view.version = 'broken';
  await clock.advance(2_000);
  expect(lines).toHaveLength(2);
});

import { expect, it } from 'vitest';
import { retryLines } from '../../../src/commands/retry-lines.ts';
import type { CommonOptions } from '../../../src/commands/screen.ts';

/** What is written while a question is asked again; `log`: past the screen. */
function written(options: CommonOptions, isTTY: boolean) {
  const lines: string[] = [];
  const log: string[] = [];
  const screen = {
    env: {},
    columns: 80,
    colour: false,
    print: () => undefined,
    complain: (sentence: string) => void lines.push(sentence),
  };
  const made = retryLines(options, screen, { isTTY, write: (line) => log.push(line) > 0 }).child({ account: 'prod' });
  made.warn('api-retried', { class: 'transient', code: 'HTTP 502', detail: 'bad gateway', tries: 2 });
  return { lines, log };
}

it('a terminal reads a short sentence for each try that failed', () => {
  expect(written({}, true)).toEqual({ lines: ['Try 2 of 4 failed (HTTP 502); it is asked again.'], log: [] });
});

it('elsewhere nothing is said but the failure itself', () => {
  expect(written({}, false)).toEqual({ lines: [], log: [] });
});

it('who asks for a log reads one, for people', () => {
  const { lines, log } = written({ logLevel: 'debug' }, false);
  expect(lines).toEqual([]);
  expect(log).toEqual([expect.stringMatching(/^[\d:.]+ warn api-retried account='prod' .*tries=2\n$/)]);
});

import { describe, expect, it } from 'vitest';
import type { ApiProblem } from '../../../src/tencent/api-error.ts';
import { readFailure } from '../../../src/tencent/read-failure.ts';

const problem = (problemClass: ApiProblem['class'], code: string): ApiProblem => ({
  class: problemClass,
  code,
  detail: 'why',
  requestId: null,
});
const remedyOf = (...[priority, ...about]: ['live' | 'command', ApiProblem['class'], string]): string =>
  readFailure('prod', problem(...about), 4, priority).message.replace(/^.*; /, '');

describe('what to do about a failed reading', () => {
  it('leaves it to the next poll where a poll asked', () => {
    expect(remedyOf('live', 'transient', 'HTTP 502')).toBe('each poll tries again');
    expect(remedyOf('live', 'refused', 'InvalidParameter')).toBe("check the account's endpoint, region and filter");
  });

  it('promises no poll to a person who asked once', () => {
    expect(remedyOf('command', 'transient', 'HTTP 502')).toBe('try again later');
    expect(remedyOf('command', 'throttled', 'RequestLimitExceeded')).toBe('try again in a moment');
    expect(remedyOf('command', 'refused', 'InvalidParameter')).toBe(
      "check what was asked for, and the account's endpoint and region",
    );
  });
});

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

  it('names the key, the permission, the address or the clock, as the code says', () => {
    const permission = 'allow the key the action cvm:DescribeTaskInfo on resource *';
    const keyItself = 'check that the key exists, is enabled and belongs to this account';
    for (const code of [
      'UnauthorizedOperation',
      'UnauthorizedOperation.CamNoAuth',
      'AuthFailure.UnauthorizedOperation',
    ])
      expect(remedyOf('live', 'blocked', code), code).toBe(permission);
    expect(remedyOf('live', 'blocked', 'AuthFailure.SignatureFailure')).toBe(
      'check secretId and secretKey of this account',
    );
    expect(remedyOf('live', 'credential', 'AuthFailure.SecretIdNotFound')).toBe(keyItself);
    for (const code of ['IpInBlacklist', 'IpNotInWhitelist'])
      expect(remedyOf('live', 'blocked', code), code).toBe("allow this host's address at the account's access control");
    expect(remedyOf('live', 'clock', 'AuthFailure.SignatureExpire')).toContain("set this host's clock");
    expect(remedyOf('live', 'throttled', 'RequestLimitExceeded')).toContain('lower poll.requestsPerSecond');
  });

  it('promises no poll to a person who asked once', () => {
    expect(remedyOf('command', 'transient', 'HTTP 502')).toBe('try again later');
    expect(remedyOf('command', 'throttled', 'RequestLimitExceeded')).toBe('try again in a moment');
    expect(remedyOf('command', 'refused', 'InvalidParameter')).toBe(
      "check what was asked for, and the account's endpoint and region",
    );
  });
});

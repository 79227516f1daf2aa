/**
 * What to do about an error:
 * `throttled`: slow down, try again; `transient`: try again; `clock`: correct the signing time, try once more;
 * `credential`: fetch the key anew, try once more; `blocked`, `refused`: as in ReadFailure.
 */
export type ErrorClass = 'throttled' | 'transient' | 'clock' | 'credential' | 'blocked' | 'refused';

/** What went wrong in one request, in the API's words or ours; no secret. */
export interface ApiProblem {
  readonly class: ErrorClass;
  /** The API's code, or ours: `HTTP 502`, `timeout`, `connection`, `bad-body`, `no-credential`. */
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
}

/** A code of the table stands for itself and its sub-codes; one that ends with `*` for whatever begins so. The first that matches decides. */
const TABLE: readonly (readonly [ErrorClass, readonly string[]])[] = [
  ['throttled', ['RequestLimitExceeded']],
  ['clock', ['AuthFailure.SignatureExpire']],
  ['credential', ['AuthFailure.TokenFailure', 'AuthFailure.SecretIdNotFound']],
  ['blocked', ['AuthFailure*', 'UnauthorizedOperation*', 'IpInBlacklist', 'IpNotInWhitelist']],
  [
    'refused',
    [
      'InvalidParameter*',
      'MissingParameter',
      'UnknownParameter',
      'InvalidAction',
      'NoSuchVersion',
      'UnsupportedRegion',
    ],
  ],
];

/** A code that nobody told us of is taken for trouble that passes: it is tried again, and then reported as `unavailable`. */
export function classOfCode(code: string): ErrorClass {
  return TABLE.find(([, names]) => names.some((name) => covers(name, code)))?.[0] ?? 'transient';
}

function covers(name: string, code: string): boolean {
  if (name.endsWith('*')) return code.startsWith(name.slice(0, -1));
  return code === name || code.startsWith(`${name}.`);
}

import { type ApiError, apiError } from './api-error.ts';
import type { Random } from './seeded-random.ts';

/** Faults that are an error of the API's own: the code and message of each. */
const ERRORS = {
  throttle: apiError('RequestLimitExceeded', 'The request frequency exceeds the limit of 20 per second.'),
  'internal-error': apiError('InternalError', 'An internal error has occurred.'),
  unavailable: apiError('ServiceUnavailable', 'The service is temporarily unavailable.'),
  blocked: apiError('UnauthorizedOperation', 'You are not authorized to perform cvm:DescribeTaskInfo.'),
  'bad-key': apiError('AuthFailure.SecretIdNotFound', 'The SecretId is not found.'),
  'bad-signature': apiError('AuthFailure.SignatureFailure', 'The provided credentials could not be validated.'),
  'token-failure': apiError('AuthFailure.TokenFailure', 'The token is invalid or has expired.'),
  clock: apiError(
    'AuthFailure.SignatureExpire',
    'The request is more than 5 minutes away from the time of the server.',
  ),
  'invalid-value': apiError('InvalidParameterValue', 'The parameter value is not valid.'),
} as const satisfies Record<string, ApiError>;

/** Faults of the way: what arrives is not an answer of the API, or not in time. */
const TRANSPORT = [
  'http-502-html',
  'not-json',
  'truncated-json',
  'reset',
  'hang',
  'slow-body',
  'huge-body',
  'wrong-types',
  'closed-when-idle',
  'deaf-when-idle',
] as const;

/** Faults of a page: a true answer that is spoiled. */
const PAGE = ['garbage-row', 'short-page', 'null-page', 'empty-page', 'unsorted-page', 'duplicate-row'] as const;

export type ErrorFaultKind = keyof typeof ERRORS;
export type TransportFaultKind = (typeof TRANSPORT)[number];
export type PageFaultKind = (typeof PAGE)[number];
export type FaultKind = ErrorFaultKind | TransportFaultKind | PageFaultKind;

/** What goes wrong, and when. */
export interface Fault<Seen> {
  readonly kind: FaultKind;
  /** How often; left out: until `clearFaults`. */
  readonly times?: number;
  /** Only requests of this secret id. */
  readonly key?: string;
  /** Chance of each request to be hit, 0…1; left out: 1. */
  readonly probability?: number;
  /** Of an error: the code that is told instead of the kind's own, such as a sub-code. */
  readonly code?: string;
  /** Of an error: what is said instead of the kind's own words. */
  readonly message?: string;
  /** Only requests for which this holds. */
  readonly when?: (seen: Seen) => boolean;
  /** `garbage-row`: what stands in the place of the page's last row. */
  readonly row?: unknown;
}

export function isErrorFault(kind: FaultKind): kind is ErrorFaultKind {
  return Object.hasOwn(ERRORS, kind);
}

export function errorOfFault(kind: ErrorFaultKind, changes: Partial<Pick<Fault<never>, 'code' | 'message'>>): ApiError {
  const { code = ERRORS[kind].code, message = ERRORS[kind].message } = changes;
  return apiError(code, message);
}

export function isTransportFault(kind: FaultKind): kind is TransportFaultKind {
  return TRANSPORT.some((each) => each === kind);
}

/** True where the fault is meant for this request and chance lets it happen. */
export function faultHits<Seen extends { readonly secretId: string | null }>(
  fault: Fault<Seen>,
  seen: Seen,
  random: Random,
): boolean {
  if (fault.key !== undefined && fault.key !== seen.secretId) return false;
  if (fault.when !== undefined && !fault.when(seen)) return false;
  return fault.probability === undefined || random() < fault.probability;
}

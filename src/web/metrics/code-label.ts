/** Ours beside the API's, see `ApiProblem`. */
const OURS = ['OK', 'timeout', 'connection', 'bad-body', 'no-credential', 'HTTP 429'];

/** The vendor's common codes. What stands after a dot is kept where the whole is listed, else it is left out. */
const VENDORS = [
  'ActionOffline',
  'AuthFailure',
  'AuthFailure.InvalidAuthorization',
  'AuthFailure.InvalidSecretId',
  'AuthFailure.MFAFailure',
  'AuthFailure.SecretIdNotFound',
  'AuthFailure.SignatureExpire',
  'AuthFailure.SignatureFailure',
  'AuthFailure.TokenFailure',
  'AuthFailure.UnauthorizedOperation',
  'FailedOperation',
  'InternalError',
  'InvalidAction',
  'InvalidParameter',
  'InvalidParameterValue',
  'InvalidRequest',
  'IpInBlacklist',
  'IpNotInWhitelist',
  'LimitExceeded',
  'MissingParameter',
  'NoSuchProduct',
  'NoSuchVersion',
  'RequestLimitExceeded',
  'RequestSizeLimitExceeded',
  'ResourceUnavailable',
  'ResponseSizeLimitExceeded',
  'ServiceUnavailable',
  'UnauthorizedOperation',
  'UnknownParameter',
  'UnsupportedOperation',
  'UnsupportedProtocol',
  'UnsupportedRegion',
];

const KNOWN = new Set([...OURS, ...VENDORS]);

/** An outcome's code as a label of a bounded set, whatever an API or a gateway may answer. */
export function codeLabel(code: string): string {
  if (KNOWN.has(code)) return code;
  const group = /^HTTP ([1-5])\d\d$/.exec(code)?.[1];
  if (group !== undefined) return `HTTP ${group}xx`;
  const [head = ''] = code.split('.', 1);
  return KNOWN.has(head) ? head : 'other';
}

import type { Priority, ReadFailure } from '../poll/task-reader.ts';
import type { ApiProblem } from './api-error.ts';
import type { CredentialError } from './credentials/credential.ts';

/** The port's failure for what is left after the tries, with a sentence for people. */
export function readFailure(account: string, problem: ApiProblem, tries: number, priority: Priority): ReadFailure {
  const { code, detail, requestId } = problem;
  const kind = KINDS[problem.class];
  const what = `account "${account}"${WORDS[kind]}${kind === 'unavailable' && tries > 1 ? ` after ${tries} requests` : ''}`;
  const why = detail === '' ? code : `${code}: ${detail.replace(/[.;]+$/, '')}`;
  const trace = requestId === null ? '' : ` (RequestId ${requestId})`;
  return {
    kind,
    code,
    requestId,
    message: `${what}, ${why}; ${(priority === 'command' ? remedyOfCommand(problem) : null) ?? remedy(problem)}${trace}`,
  };
}

/** No key, so no request was made. */
export function keyFailure(account: string, error: CredentialError): ReadFailure {
  return {
    kind: error.kind,
    code: 'no-credential',
    requestId: null,
    message: `account "${account}": ${error.message}`,
  };
}

const KINDS = {
  throttled: 'unavailable',
  transient: 'unavailable',
  clock: 'blocked',
  credential: 'blocked',
  blocked: 'blocked',
  refused: 'refused',
} as const;

const WORDS = {
  unavailable: ': DescribeTaskInfo is not available',
  blocked: ' may not call DescribeTaskInfo',
  refused: ': DescribeTaskInfo refused the request',
};

/** The API has both: its own refusal, and that of its gateway. */
const PERMISSION = /^(AuthFailure\.)?UnauthorizedOperation/;

/** Where a person asked once, no poll comes after it, and what was refused may be what was asked; null: the remedy is the same. */
function remedyOfCommand({ class: kind }: ApiProblem): string | null {
  if (kind === 'throttled') return 'try again in a moment';
  if (kind === 'transient') return 'try again later';
  return kind === 'refused' ? "check what was asked for, and the account's endpoint and region" : null;
}

function remedy({ class: kind, code }: ApiProblem): string {
  if (kind === 'throttled') return 'each poll tries again; if this stays, lower poll.requestsPerSecond';
  if (kind === 'transient') return 'each poll tries again';
  if (kind === 'clock') return "set this host's clock (it may be off by five minutes at most)";
  if (kind === 'credential') return 'check that the key exists, is enabled and belongs to this account';
  if (PERMISSION.test(code)) return 'allow the key the action cvm:DescribeTaskInfo on resource *';
  if (code.startsWith('Ip')) return "allow this host's address at the account's access control";
  if (kind === 'blocked') return 'check secretId and secretKey of this account';
  return "check the account's endpoint, region and filter";
}

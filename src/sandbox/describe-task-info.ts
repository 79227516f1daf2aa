import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import { type ApiError, apiError } from './api-error.ts';
import { jsonOf } from './json.ts';
import { readParameters, type TaskQuery } from './parameters.ts';
import { type QueryResult, runQuery } from './query.ts';
import type { Random } from './seeded-random.ts';
import { claimedSecretId, type SandboxKey, type SignedRequest, signatureProblem } from './signature.ts';
import type { SandboxSwitches } from './switches.ts';
import type { World } from './world.ts';

export interface JudgeContext {
  readonly keys: readonly SandboxKey[];
  readonly switches: SandboxSwitches;
  readonly random: Random;
  /** The true clock's now; the server's is off by a switch. */
  readonly now: EpochMs;
  /** True where the arrivals of the second were too many. */
  readonly throttled: boolean;
  /** The sandbox's own port, which a Host header may name. */
  readonly port: number;
  readonly world: (secretId: string) => World;
}

/** What the API has to say to a request. */
export type Judged =
  | { readonly ok: true; readonly result: QueryResult; readonly emptySet: SandboxSwitches['emptySet'] }
  | { readonly ok: false; readonly error: ApiError };

/** Judges a request in the order of a gateway: way, headers, signature, pace, parameters; then answers from the key's world. */
export function describeTaskInfo(request: SignedRequest, context: JudgeContext): Judged {
  const { switches, now } = context;
  const serverSeconds = Math.floor((now + switches.clockSkewMs) / SECOND_MS);
  const refusal =
    wayProblem(request, context.port) ??
    signatureProblem(request, context.keys, serverSeconds) ??
    headerProblem(request);
  if (refusal !== null) return { ok: false, error: refusal };
  if (context.throttled) {
    const limit = switches.requestsPerSecond;
    const message = `Your current request times equals to more than ${limit} in a second, which exceeds the frequency limit.`;
    return { ok: false, error: apiError('RequestLimitExceeded', message) };
  }
  const parameters = readParameters(jsonOf(request.body.toString('utf8')), switches);
  if (!parameters.ok) return parameters;
  const world = context.world(claimedSecretId(request.headers) ?? '');
  return answer(world, parameters.query, context, serverSeconds);
}

function answer(
  world: World,
  query: TaskQuery,
  { switches, random, now }: JudgeContext,
  serverSeconds: number,
): Judged {
  const seenAt = now - random() * switches.lagMs;
  const result = runQuery(world, query, {
    switches,
    random,
    nowSecond: serverSeconds + switches.utcOffsetMs / SECOND_MS,
    otherwise: switches.lagMs > 0 ? world.otherwiseAt(seenAt) : new Map(),
  });
  return 'code' in result ? { ok: false, error: result } : { ok: true, result, emptySet: switches.emptySet };
}

function wayProblem({ method, path, headers }: SignedRequest, port: number): ApiError | null {
  if (method !== 'POST' || path !== '/') {
    return apiError('UnsupportedProtocol', `Only POST / is answered, not ${method} ${path}.`);
  }
  const host = headers.host ?? '';
  const isOurs = [`127.0.0.1:${port}`, `localhost:${port}`].includes(host);
  if (!isOurs && !/^cvm(\.[a-z0-9-]+)*\.tencentcloudapi\.com$/.test(host)) {
    return apiError('InvalidParameter', `The Host ${host} is not served here.`);
  }
  return /^application\/json(;|$)/.test(headers['content-type'] ?? '')
    ? null
    : apiError('InvalidRequest', 'The Content-Type must be application/json.');
}

/** The common parameters of the vendor's page; what is missing is MissingParameter. */
function headerProblem({ headers }: SignedRequest): ApiError | null {
  const wanted = [
    ['x-tc-action', 'DescribeTaskInfo', 'InvalidAction'],
    ['x-tc-version', '2017-03-12', 'NoSuchVersion'],
    ['x-tc-region', 'ap-guangzhou', 'UnsupportedRegion'],
  ] as const;
  for (const [header, value, code] of wanted) {
    const given = headers[header];
    if (given === undefined || given === '') {
      return apiError('MissingParameter', `The request is missing the header ${header}.`);
    }
    if (given !== value) return apiError(code, `The header ${header} is ${String(given)}, but must be ${value}.`);
  }
  return null;
}

import type { Clock } from '../../lib/clock.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Secret } from '../../lib/secret.ts';
import { type ApiAnswer, type ApiCaller, type Attempt, callApi } from '../api-call.ts';
import type { ApiProblem } from '../api-error.ts';
import { persist } from '../persist.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { type Found, trouble } from './credential-finder.ts';
import { keyFromSts } from './temporary-key.ts';

/** How STS is reached. */
export interface Sts {
  readonly caller: ApiCaller;
  readonly endpoint: URL;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface StsCall {
  readonly action: 'AssumeRole' | 'AssumeRoleWithWebIdentity';
  readonly region: string;
  readonly body: object;
  readonly secretsInBody?: readonly Secret[];
  /** What the key is called once it is there. */
  readonly from: string;
  /** Gives the key to sign with; null: the action takes no signature. */
  readonly signer: CredentialSource | null;
}

const VERSION = '2018-08-13';

/** One of STS's AssumeRole actions. */
export async function askSts(
  { caller, endpoint, clock, random }: Sts,
  call: StsCall,
  signal: AbortSignal,
): Promise<Found> {
  const { action: name, region, secretsInBody = [] } = call;
  const action = { service: 'sts', action: name, version: VERSION, region, endpoint, secretsInBody } as const;
  const body = JSON.stringify(call.body);
  let used: Credential | null = null;
  const outcome = await persist<ApiAnswer>(
    {
      attempt: async () => {
        used = (await call.signer?.get(signal)) ?? null;
        return callApi(caller, action, body, used, signal);
      },
      correctClock: () => caller.serverClock.correct(),
      renewKey: async (problem) => {
        if (call.signer === null) return problem;
        await call.signer.refresh(signal, used);
        return null;
      },
      onRetry: () => undefined,
      clock,
      random,
    },
    signal,
  );
  const answer = found(outcome, call);
  // Refused for good: whoever mends the key of the signer is not to restart anything.
  if (answer.kind === 'absent' && used !== null) call.signer?.distrust(used);
  return answer;
}

function found(outcome: Attempt<ApiAnswer>, call: StsCall): Found {
  if (!outcome.ok) return refusal(call.action, outcome.problem);
  const credential = keyFromSts(outcome.value.fields);
  if (credential !== null) return { kind: 'found', credential, from: call.from, givenAt: outcome.value.serverDate };
  return trouble(`STS answered ${call.action} without a key (RequestId ${outcome.value.requestId ?? 'unknown'})`);
}

function refusal(action: string, { class: kind, code, detail, requestId }: ApiProblem): Found {
  const why = `STS ${action}: ${code}: ${detail.replace(/[.;]+$/, '')}${requestId === null ? '' : ` (RequestId ${requestId})`}`;
  return kind === 'transient' || kind === 'throttled' ? { kind: 'trouble', why } : { kind: 'absent', why };
}

/** The STS that belongs to an endpoint of CVM: of the same network, and on loopback the same server. */
export function stsEndpointFor(endpoint: URL): URL {
  if (isLoopback(endpoint.hostname)) return endpoint;
  const network = /^cvm\.(internal|intl)\.tencentcloudapi\.com$/.exec(endpoint.hostname)?.[1];
  return new URL(`https://sts.${network === undefined ? '' : `${network}.`}tencentcloudapi.com`);
}

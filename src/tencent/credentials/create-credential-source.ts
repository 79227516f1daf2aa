import type { AccountConfig } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Http } from '../../lib/http.ts';
import { checkedEndpoint, type Env } from '../dispatcher.ts';
import { createServerClock } from '../server-clock.ts';
import { assumeRoleFinder } from './assume-role.ts';
import { createCachingSource } from './caching-source.ts';
import { CHAIN_REMEDY, createChain } from './chain.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { cvmRoleFinder } from './cvm-role.ts';
import type { ReadTextFile } from './ini-file.ts';
import { lastingSources } from './lasting-key.ts';
import { podIdentityFinder } from './pod-identity.ts';
import { type Sts, stsEndpointFor } from './sts-call.ts';

export interface CredentialOptions {
  readonly account: Pick<AccountConfig, 'key' | 'assumeRole' | 'endpoint' | 'region'>;
  readonly env: Env;
  readonly readFile: ReadTextFile;
  /** For STS. */
  readonly http: Http;
  /** For the metadata service: without a proxy, ever. */
  readonly directHttp: Http;
  readonly clock: Clock;
  readonly random: () => number;
  readonly requestTimeoutMs: number;
  /** Origin of the metadata service; the vendor's unless given. */
  readonly metadataUrl?: string;
}

/** The account's own key, or the official chain: environment, file, the CVM's role, the pod's identity; and a role assumed on top if one is set. */
export function createCredentialSource(options: CredentialOptions): CredentialSource {
  const { account, clock } = options;
  const sts: Sts = {
    caller: { http: options.http, serverClock: createServerClock(clock), timeoutMs: options.requestTimeoutMs },
    endpoint: stsEndpointFor(checkedEndpoint(account.endpoint)),
    clock,
    random: options.random,
  };
  const base = account.key === null ? officialChain(options, sts) : fixedSource({ ...account.key, expiresAt: null });
  if (account.assumeRole === null) return base;
  const finder = assumeRoleFinder(account.assumeRole, account.region, base, sts);
  const remedy = 'check roleArn and externalId, and that the role trusts the key that assumes it';
  return createCachingSource({ fetch: createChain([finder], remedy), name: finder.name, clock });
}

function officialChain(options: CredentialOptions, sts: Sts): CredentialSource {
  const { env, readFile, directHttp, metadataUrl, clock } = options;
  const finders = [
    ...lastingSources(env, readFile),
    cvmRoleFinder(directHttp, clock, metadataUrl),
    podIdentityFinder(env, readFile, sts),
  ];
  return createCachingSource({
    fetch: createChain(finders, CHAIN_REMEDY),
    name: 'the official credential chain',
    clock,
  });
}

function fixedSource(credential: Credential): CredentialSource {
  return {
    get: async () => credential,
    refresh: async () => credential,
    distrust: () => undefined,
    describe: () => 'secretId and secretKey of the configuration',
  };
}

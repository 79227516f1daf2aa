import { Secret } from '../../lib/secret.ts';
import type { Env } from '../dispatcher.ts';
import { absent, type CredentialFinder } from './credential-finder.ts';
import type { ReadTextFile } from './ini-file.ts';
import { askSts, type Sts } from './sts-call.ts';

const NEEDED = ['TKE_REGION', 'TKE_PROVIDER_ID', 'TKE_WEB_IDENTITY_TOKEN_FILE', 'TKE_ROLE_ARN'] as const;
export const SESSION_NAME = 'repairwatch';
export const SESSION_SECONDS = 7200;

/** The role of this pod's service account in TKE. Its token file is read anew each time: the cluster rotates it. */
export function podIdentityFinder(env: Env, readFile: ReadTextFile, sts: Sts): CredentialFinder {
  return {
    name: "TKE's pod identity",
    async find(signal) {
      const [region, providerId, tokenFile, roleArn] = NEEDED.map((name) => env[name] ?? '');
      const missing = NEEDED.filter((name) => !env[name]);
      if (!region || !providerId || !tokenFile || !roleArn) return absent(`${missing.join(', ')} not set`);
      const token = await readFile(tokenFile).catch((error: Error) => error);
      if (token instanceof Error) return absent(`TKE_WEB_IDENTITY_TOKEN_FILE cannot be read: ${token.message}`);
      if (token.trim() === '') return absent('TKE_WEB_IDENTITY_TOKEN_FILE is empty');
      const body = {
        ProviderId: providerId,
        WebIdentityToken: token.trim(),
        RoleArn: roleArn,
        RoleSessionName: SESSION_NAME,
        DurationSeconds: SESSION_SECONDS,
      };
      const from = `TKE's pod identity (role ${roleArn})`;
      const secretsInBody = [new Secret(body.WebIdentityToken)];
      const action = 'AssumeRoleWithWebIdentity';
      return askSts(sts, { action, region, body, secretsInBody, from, signer: null }, signal);
    },
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Journal } from '../../src/sandbox/journal.ts';
import { readBody } from '../../src/sandbox/loopback.ts';
import { type SandboxKey, signatureProblem } from '../../src/sandbox/signature.ts';

/** One call as it came in. */
export interface StsCall {
  readonly action: string;
  readonly at: number;
  /** The Authorization header. */
  readonly authorization: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface StsStandIn {
  readonly calls: Journal<StsCall>;
  /** What it does instead of answering; null: it answers. */
  trouble: 'refusal' | null;
  /** Answers a request that came to sts.tencentcloudapi.com. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface StsWorld {
  /** Those that may assume a role. */
  readonly keys: () => readonly SandboxKey[];
  /** A fresh temporary key for a role. */
  readonly issue: (roleArn: string) => SandboxKey & { readonly expiresAt: number };
  /** The web identity token that is the right one now. */
  readonly webIdentityToken: () => string;
}

/** A stand-in for STS's two AssumeRole actions that verifies what it is sent by the sandbox's own rules of signing. */
export function createStsStandIn(world: StsWorld): StsStandIn {
  const standIn: StsStandIn = {
    calls: new Journal(),
    trouble: null,
    async handle(request, response) {
      const raw = (await readBody(request, 100_000)) ?? Buffer.alloc(0);
      const { headers } = request;
      // Only this program's own JSON comes here.
      const body = JSON.parse(raw.toString('utf8')) as StsCall['body'];
      const action = String(headers['x-tc-action']);
      standIn.calls.add({ action, at: Date.now(), authorization: String(headers.authorization), body });
      const refusal =
        standIn.trouble === 'refusal' ? 'UnauthorizedOperation' : judge(world, request, raw, action, body);
      const Response =
        refusal === null
          ? keyFor(world, String(body['RoleArn']))
          : { Error: { Code: refusal, Message: `no, not with ${headers.authorization}` } };
      response.end(JSON.stringify({ Response: { ...Response, RequestId: `sts-${standIn.calls.entries.length}` } }));
    },
  };
  return standIn;
}

function judge(
  { keys, webIdentityToken }: StsWorld,
  { method = '', url: path = '', headers }: IncomingMessage,
  raw: Buffer,
  action: string,
  body: StsCall['body'],
): string | null {
  if (headers.host !== 'sts.tencentcloudapi.com') return 'InvalidParameter.Host';
  if (headers['x-tc-version'] !== '2018-08-13' || headers['x-tc-region'] === undefined) return 'MissingParameter';
  if (action === 'AssumeRoleWithWebIdentity') {
    if (headers.authorization !== 'SKIP') return 'AuthFailure.InvalidAuthorization';
    return body['WebIdentityToken'] === webIdentityToken() ? null : 'InvalidParameter.WebIdentityTokenError';
  }
  if (action !== 'AssumeRole') return 'InvalidAction';
  const signed = { method, path, headers, body: raw };
  return signatureProblem(signed, keys(), Math.floor(Date.now() / 1000), 'sts')?.code ?? null;
}

function keyFor({ issue }: StsWorld, roleArn: string): object {
  const { secretId, secretKey, token, expiresAt } = issue(roleArn);
  return {
    Credentials: { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token },
    ExpiredTime: Math.floor(expiresAt / 1000),
    Expiration: new Date(expiresAt).toISOString(),
  };
}

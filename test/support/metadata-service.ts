import { createServer } from 'node:http';
import { listen, shut } from '../../src/sandbox/loopback.ts';
import type { SandboxKey } from '../../src/sandbox/signature.ts';

export interface MetadataService {
  readonly port: number;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** null: no role is bound to this CVM. */
  role: string | null;
  /** What it does instead of giving a key. */
  trouble: 'failed' | 'garbage' | 'hang' | null;
  close(): Promise<void>;
}

const PATH = '/latest/meta-data/cam/security-credentials/';

/** A stand-in for the metadata service of a CVM on loopback; each key that it gives is a new one. */
export async function startMetadataService(
  issue: (role: string) => SandboxKey & { readonly expiresAt: number },
): Promise<MetadataService> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    service.asked.push(path);
    if (service.trouble === 'hang') return;
    if (service.trouble === 'garbage') return void response.end('<html>no metadata here</html>');
    const { role } = service;
    if (role === null) return void response.writeHead(404).end('not found');
    if (path === PATH) return void response.end(role);
    if (path !== PATH + role) return void response.writeHead(404).end('not found');
    if (service.trouble === 'failed') return void response.end(JSON.stringify({ Code: 'Failed' }));
    const { secretId, secretKey, token, expiresAt } = issue(role);
    const key = { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token, Code: 'Success' };
    const times = { ExpiredTime: Math.floor(expiresAt / 1000), Expiration: new Date(expiresAt).toISOString() };
    response.end(JSON.stringify({ ...key, ...times }));
  });
  const service: MetadataService = {
    port: await listen(server, 0),
    asked: [],
    role: null,
    trouble: null,
    close: () => shut(server),
  };
  return service;
}

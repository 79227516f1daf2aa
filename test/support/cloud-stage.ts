import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import type { SandboxKey } from '../../src/sandbox/signature.ts';
import { type CliStage, openCliStage } from './cli-stage.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { type MetadataService, startMetadataService } from './metadata-service.ts';
import { createStsStandIn, type StsStandIn } from './sts-stand-in.ts';
import { TLS_IDENTITY } from './tls-identity.ts';

/** Tencent Cloud as the built program meets it outside: the vendor's own names behind a proxy, STS, and a metadata service. */
export interface CloudStage extends Omit<CliStage, 'close'> {
  readonly proxy: ConnectProxy;
  readonly sts: StsStandIn;
  readonly metadata: MetadataService;
  /** Every temporary key that was given, newest last, and to which role. */
  readonly issued: (SandboxKey & { readonly role: string; readonly expiresAt: number })[];
  /** How long keys live that are given from now on. */
  lifeMs: number;
  webIdentityToken: string;
  /** The way out of this host: through the proxy, trusting its certificate; and where the vendor's hosts are for who goes there directly. */
  readonly env: Readonly<Record<string, string>>;
  /** An account at the vendor's own endpoint, its key left to the official chain. */
  readonly chained: { readonly name: string; readonly endpoint: string };
  /** Writes a file of the stage's own folder, which is HOME; returns its path. */
  write(name: string, text: string): string;
  close(): Promise<void>;
}

const ENDPOINT = 'https://cvm.tencentcloudapi.com';
const PRELOAD = new URL('./cloud-preload.ts', import.meta.url).href;

export async function openCloudStage(): Promise<CloudStage> {
  const cli = await openCliStage();
  const chained = { name: 'prod', endpoint: ENDPOINT };
  cli.file.change({ accounts: [chained] });
  const issue = (role: string): CloudStage['issued'][number] => {
    const number = stage.issued.length + 1;
    const key = {
      secretId: `AKIDtemporary${number}`,
      secretKey: `temporary-secret-${number}`,
      token: `temporary-token-${number}`,
    };
    const issued = { ...key, role, expiresAt: Date.now() + stage.lifeMs };
    stage.issued.push(issued);
    cli.sandbox.grant(issued);
    return issued;
  };
  const sts = createStsStandIn({
    issue,
    keys: () => [...cli.sandbox.keys, ...stage.issued],
    webIdentityToken: () => stage.webIdentityToken,
  });
  const metadata = await startMetadataService(issue);
  const proxy = await startConnectProxy({
    'cvm.tencentcloudapi.com': (request, response) => forward(cli.sandbox.port, request, response),
    'sts.tencentcloudapi.com': (request, response) => void sts.handle(request, response),
  });
  const write = (name: string, text: string): string => {
    const path = join(cli.file.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const stage: CloudStage = {
    ...cli,
    proxy,
    sts,
    metadata,
    issued: [],
    lifeMs: 7_200_000,
    webIdentityToken: 'the-pod-token',
    chained,
    env: {
      HOME: cli.file.directory,
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: write('ca.pem', TLS_IDENTITY.cert),
      NODE_OPTIONS: `--import=${PRELOAD}`,
      CLOUD_PORTS: JSON.stringify({
        'metadata.tencentyun.com': metadata.port,
        'cvm.tencentcloudapi.com': proxy.directPort,
        'sts.tencentcloudapi.com': proxy.directPort,
      }),
    },
    write,
    async close() {
      await Promise.all([proxy.close(), metadata.close()]);
      await cli.close();
    },
  };
  return stage;
}

/** Hands a request on as it came, Host and signature included. */
function forward(port: number, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const onward = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

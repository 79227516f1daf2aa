import { Agent } from 'node:http';
import { connect } from 'node:net';
import { cvm } from 'tencentcloud-sdk-nodejs-cvm';
import type { SandboxKey } from '../../src/sandbox/signature.ts';

export type OfficialClient = InstanceType<typeof cvm.v20170312.Client>;

/** The vendor's own SDK, dialling loopback while it signs for the vendor's host. */
export function officialSdk(port: number, key: SandboxKey, region = 'ap-guangzhou'): OfficialClient {
  const agent = new Agent();
  agent.createConnection = () => connect(port, '127.0.0.1');
  return new cvm.v20170312.Client({
    credential: { ...key },
    region,
    profile: { httpProfile: { endpoint: 'cvm.tencentcloudapi.com', protocol: 'http://', agent } },
  });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';

/** Where the counterparts listen on loopback; a mail or Slack channel is configured for those that are given. */
export interface LoopbackServers {
  readonly sandbox: { readonly url: string };
  readonly hook?: { readonly url: string };
  readonly mail?: { readonly url: string };
}

/** Top-level options by their names; they replace the ones written before. */
export type ConfigChanges = Readonly<Record<string, unknown>>;

export interface ConfigFile {
  /** A temporary folder of this file's own, also for the store. */
  readonly directory: string;
  readonly path: string;
  readonly storePath: string;
  /** Writes the file anew, for the next start. */
  change(changes: ConfigChanges): void;
  /** Removes the folder with all that is in it. */
  remove(): void;
}

/**
 * Writes a YAML configuration for loopback servers into a temporary folder: account `prod`, a poll each second, channels `slack` (en) and
 * `mail` (zh-CN), everything to all of them, the digest `morning` once a year.
 */
export function writeConfigFile(servers: LoopbackServers, changes: ConfigChanges = {}): ConfigFile {
  const directory = mkdtempSync(join(tmpdir(), 'repairwatch-test-'));
  const path = join(directory, 'repairwatch.yaml');
  const storePath = join(directory, 'state', 'repairwatch.db');
  let written: ConfigChanges = { ...configuration(servers, storePath), ...changes };
  const write = (): void => writeFileSync(path, yamlOf(written));
  write();
  return {
    directory,
    path,
    storePath,
    change(more) {
      written = { ...written, ...more };
      write();
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function configuration({ sandbox, hook, mail }: LoopbackServers, storePath: string): ConfigChanges {
  const { secretId, secretKey } = SANDBOX_KEY;
  const slack = hook && { type: 'slack', url: hook.url, language: 'en' };
  const email = mail && {
    type: 'email',
    smtp: mail.url,
    from: 'repairwatch@example.com',
    to: ['ops@example.com'],
    language: 'zh-CN',
  };
  const channels = { ...(slack && { slack }), ...(email && { mail: email }) };
  const names = Object.keys(channels);
  return {
    accounts: [{ name: 'prod', endpoint: sandbox.url, secretId, secretKey }],
    poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai' },
    store: `sqlite:${storePath}`,
    channels,
    routes: [{ channels: names }],
    digests: [{ name: 'morning', schedule: '0 9 1 1 *', timezone: 'Asia/Shanghai', channels: names.slice(-1) }],
    operator: { channels: names },
  };
}

/** Each value in JSON, which is YAML, too. */
function yamlOf(options: ConfigChanges): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

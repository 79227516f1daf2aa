import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '../lib/clock.ts';
import type { Language } from '../model/vocabulary.ts';
import { SANDBOX_KEY } from '../sandbox/signature.ts';

export const DEMO_DIGEST = 'demo';

export interface DemoPlace {
  /** For the configuration and the store. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly hookUrl: string;
  readonly smtpUrl: string;
  readonly slackLanguage: Language;
  readonly mailLanguage: Language;
  readonly digestAt: EpochMs;
}

/** Writes a configuration as a user would, for the stand-ins on loopback; returns its path. */
export function writeDemoConfiguration(place: DemoPlace): string {
  const path = join(place.folder, 'repairwatch.yaml');
  const { secretId, secretKey } = SANDBOX_KEY;
  const mail = { type: 'email', smtp: place.smtpUrl, from: 'repairwatch@example.com', to: ['ops@example.com'] };
  const configuration = {
    accounts: [{ name: 'sandbox', endpoint: place.apiUrl, secretId, secretKey }],
    poll: { schedule: '*/3 * * * * *', timezone: 'Asia/Shanghai' },
    store: `sqlite:${join(place.folder, 'data', 'repairwatch.db')}`,
    channels: {
      'ops-slack': { type: 'slack', url: place.hookUrl, language: place.slackLanguage },
      'ops-mail': { ...mail, language: place.mailLanguage },
    },
    routes: [
      { match: { dataLoss: true }, channels: ['ops-mail'], events: ['pending'], continue: true },
      { channels: ['ops-slack'] },
    ],
    digests: [{ name: DEMO_DIGEST, schedule: onceADay(place.digestAt), timezone: 'UTC', channels: ['ops-mail'] }],
    operator: { channels: ['ops-slack', 'ops-mail'] },
  };
  // JSON is YAML, too.
  writeFileSync(path, JSON.stringify(configuration, null, 2), { mode: 0o600 });
  return path;
}

/** Six cron fields for that second of each day, in UTC. */
function onceADay(at: EpochMs): string {
  const time = new Date(at);
  return `${time.getUTCSeconds()} ${time.getUTCMinutes()} ${time.getUTCHours()} * * *`;
}

import type { Path } from './problem.ts';

export interface EnvironmentVariable {
  readonly name: string;
  /** The option that it sets. */
  readonly path: Path;
  /** True: NAME_FILE may name a file that holds the value instead. */
  readonly orFile: boolean;
  /** True: it counts also with a configuration file that lists no accounts. */
  readonly withFile: boolean;
  readonly says: string;
}

const account = (option: string): Path => ['accounts', 0, option];
const official = { orFile: true, withFile: true };
const secret = { orFile: true, withFile: false };
const plain = { orFile: false, withFile: false };

/** Every variable that is read besides those that a configuration file refers to, and those of the official credential chain further down. */
export const ENVIRONMENT_VARIABLES = [
  { name: 'TENCENTCLOUD_SECRET_ID', path: account('secretId'), ...official, says: 'SecretId of the account.' },
  { name: 'TENCENTCLOUD_SECRET_KEY', path: account('secretKey'), ...official, says: 'SecretKey of the account.' },
  { name: 'TENCENTCLOUD_TOKEN', path: account('token'), ...official, says: 'Session token of a temporary key.' },
  {
    name: 'TENCENTCLOUD_ENDPOINT',
    path: account('endpoint'),
    orFile: false,
    withFile: true,
    says: 'Origin of the API; https://cvm.tencentcloudapi.com unless set.',
  },
  {
    name: 'TENCENTCLOUD_REGION',
    path: account('region'),
    orFile: false,
    withFile: true,
    says: 'Access region; ap-guangzhou unless set.',
  },
  {
    name: 'REPAIRWATCH_ACCOUNT',
    path: account('name'),
    orFile: false,
    withFile: true,
    says: 'Name of the account in messages; `default` unless set. Set it where the key comes from a CVM role, which no variable shows.',
  },
  {
    name: 'SLACK_WEBHOOK_URL',
    path: ['channels', 'slack', 'url'],
    ...secret,
    says: 'Incoming webhook of channel `slack`.',
  },
  {
    name: 'SMTP_URL',
    path: ['channels', 'mail', 'smtp'],
    ...secret,
    says: 'Mail server of channel `mail`, e.g. smtps://user:password@smtp.example.com.',
  },
  { name: 'MAIL_FROM', path: ['channels', 'mail', 'from'], ...plain, says: 'Sender of channel `mail`.' },
  {
    name: 'MAIL_TO',
    path: ['channels', 'mail', 'to'],
    ...plain,
    says: 'Recipients of channel `mail`, comma separated.',
  },
  {
    name: 'STORE_URL',
    path: ['store'],
    ...plain,
    says: 'sqlite:PATH or postgres://…; sqlite:data/repairwatch.db unless set.',
  },
  { name: 'POLL_SCHEDULE', path: ['poll', 'schedule'], ...plain, says: 'When to poll; `*/5 * * * *` unless set.' },
  {
    name: 'POLL_LOOKBACK',
    path: ['poll', 'lookback'],
    ...plain,
    says: 'How far back closed tasks are read; 30d unless set.',
  },
  {
    name: 'POLL_REQUESTS_PER_SECOND',
    path: ['poll', 'requestsPerSecond'],
    ...plain,
    says: 'Pace of the API requests, 1 to 20; 18 unless set.',
  },
  {
    name: 'REMINDERS',
    path: ['reminders'],
    ...plain,
    says: 'Reminders before the deadline, comma separated; 24h,4h,1h unless set.',
  },
  {
    name: 'DIGEST_SCHEDULE',
    path: ['digests', 0, 'schedule'],
    ...plain,
    says: 'When digest `daily` goes to `mail`, or to `slack` where there is no mail; `0 9 * * *` unless set.',
  },
  { name: 'HEARTBEAT_URL', path: ['heartbeat', 'url'], ...secret, says: 'Monitor that is called while all is well.' },
  { name: 'HEARTBEAT_EVERY', path: ['heartbeat', 'every'], ...plain, says: 'How often; 5m unless set.' },
  { name: 'REPAIRWATCH_LANGUAGE', path: ['language'], ...plain, says: 'zh-CN or en; en unless set.' },
  {
    name: 'REPAIRWATCH_TIMEZONE',
    path: ['poll', 'timezone'],
    ...plain,
    says: 'Zone of schedules and shown times; Asia/Shanghai unless set.',
  },
  {
    name: 'CONSOLE_URL',
    path: ['consoleUrl'],
    ...plain,
    says: "Where a person authorizes; the vendor's console unless set.",
  },
] as const satisfies readonly EnvironmentVariable[];

export type EnvironmentName = (typeof ENVIRONMENT_VARIABLES)[number]['name'];

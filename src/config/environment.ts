import { ENVIRONMENT_VARIABLES, type EnvironmentName, type EnvironmentVariable } from './environment-variables.ts';
import { type Finding, pathName } from './problem.ts';
import { isMapping, type Raw } from './raw.ts';
import { readSecretText } from './read-text.ts';
import type { ReadFile, Source } from './source.ts';

/** What the variables say. A variable that is set to nothing counts as not set. */
interface Reading {
  readonly values: ReadonlyMap<EnvironmentName, string>;
  /** Variables whose value came from NAME_FILE. */
  readonly fromFile: ReadonlySet<EnvironmentName>;
  readonly findings: readonly Finding[];
  readonly names: ReadonlyMap<string, string>;
}

function readVariables(
  env: NodeJS.ProcessEnv,
  readFile: ReadFile,
  wanted: (variable: EnvironmentVariable) => boolean,
): Reading {
  const values = new Map<EnvironmentName, string>();
  const fromFile = new Set<EnvironmentName>();
  const names = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, path, orFile } of ENVIRONMENT_VARIABLES.filter(wanted)) {
    const value = env[name] ?? '';
    const file = orFile ? (env[`${name}_FILE`] ?? '') : '';
    names.set(pathName(path), file === '' ? name : `${name}_FILE`);
    if (value !== '') values.set(name, value);
    if (file === '') continue;
    if (value !== '') findings.push({ path, says: `is set, and ${name} too; set only one of them` });
    const read = readSecretText(file, readFile);
    if (!read.ok) findings.push({ path, says: `is ${JSON.stringify(file)}, but that file ${read.why}` });
    values.set(name, read.ok ? read.text : '');
    fromFile.add(name);
  }
  return { values, fromFile, findings, names };
}

/** The whole configuration from the environment alone. */
export function fromEnvironment(env: NodeJS.ProcessEnv, readFile: ReadFile): Source {
  const { values, findings, names, ...rest } = readVariables(env, readFile, () => true);
  const accounts = accountOf({ values, findings, names, ...rest }, env);
  const mail = mailOf(values);
  const slack = values.has('SLACK_WEBHOOK_URL') ? { type: 'slack', url: values.get('SLACK_WEBHOOK_URL') } : undefined;
  const channels = given({ slack, mail });
  const raw = given({
    accounts,
    poll: pollOf(values),
    store: values.get('STORE_URL'),
    channels,
    reminders: commaSeparated(values.get('REMINDERS')),
    digests: [
      { name: 'daily', schedule: values.get('DIGEST_SCHEDULE') ?? '0 9 * * *', channels: [mail ? 'mail' : 'slack'] },
    ],
    heartbeat: heartbeatOf(values),
    language: values.get('REPAIRWATCH_LANGUAGE'),
    consoleUrl: values.get('CONSOLE_URL'),
  });
  const none: Finding[] = [];
  if (accounts === undefined) none.push({ path: ['accounts'], says: NO_ACCOUNT });
  if (Object.keys(channels).length === 0) none.push({ path: ['channels'], says: NO_CHANNEL });
  const known = new Map([...names, ['accounts', 'TENCENTCLOUD_SECRET_ID'], ['channels', 'SLACK_WEBHOOK_URL']]);
  return { raw, findings: [...findings, ...none], names: known, references: new Map() };
}

/** What of the environment asking the API takes. */
export function toAskFromEnvironment(env: NodeJS.ProcessEnv, readFile: ReadFile): Source {
  const reading = readVariables(env, readFile, ({ path: [section] }) => ASKING.some((each) => each === section));
  const { values, findings, names } = reading;
  const accounts = accountOf(reading, env);
  const raw = given({ accounts, poll: pollOf(values), language: values.get('REPAIRWATCH_LANGUAGE') });
  const none: Finding[] = accounts === undefined ? [{ path: ['accounts'], says: NO_ACCOUNT }] : [];
  const known = new Map([...names, ['accounts', 'TENCENTCLOUD_SECRET_ID']]);
  return { raw, findings: [...findings, ...none], names: known, references: new Map() };
}

const ASKING = ['accounts', 'poll', 'language'];

const NO_ACCOUNT =
  'is not set; set it and TENCENTCLOUD_SECRET_KEY (or REPAIRWATCH_ACCOUNT alone for a CVM role), or name a file with --config';
const NO_CHANNEL = 'is not set, nor is SMTP_URL; set one of them for a channel, or name a file with --config';

/** A file without `accounts` gets the one of the environment, where that has one. */
export function withEnvironmentAccount(source: Source, env: NodeJS.ProcessEnv, readFile: ReadFile): Source {
  if (!isMapping(source.raw) || source.raw['accounts'] !== undefined) return source;
  const reading = readVariables(env, readFile, ({ withFile }) => withFile);
  const accounts = accountOf(reading, env);
  if (accounts === undefined) {
    const says = 'is missing; list at least one account, or set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY';
    return { ...source, findings: [...source.findings, { path: ['accounts'], says }] };
  }
  return {
    ...source,
    raw: { ...source.raw, accounts },
    findings: [...source.findings, ...reading.findings],
    names: new Map([...source.names, ...reading.names]),
  };
}

/** Variables by which the official chain finds a key, besides the key itself. */
const CHAIN = ['TENCENTCLOUD_CREDENTIALS_FILE', 'TKE_ROLE_ARN', 'REPAIRWATCH_ACCOUNT'];

/** The official chain takes the token under these names too. */
const OTHER_TOKENS = ['TENCENTCLOUD_SESSION_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'];

/**
 * One account. Where the official variables hold the key themselves it stays with the official chain, which reads them again and again;
 * a key from a file, or half a key, becomes the account's own and is checked like one.
 */
function accountOf({ values, fromFile }: Reading, env: NodeJS.ProcessEnv): Raw {
  const [id, key, token] = [
    values.get('TENCENTCLOUD_SECRET_ID'),
    values.get('TENCENTCLOUD_SECRET_KEY'),
    values.get('TENCENTCLOUD_TOKEN') ?? OTHER_TOKENS.map((name) => env[name]).find((value) => value),
  ];
  const none = id === undefined && key === undefined;
  if (none && !CHAIN.some((name) => (env[name] ?? '') !== '')) return undefined;
  const own = (id === undefined) !== (key === undefined) || fromFile.size > 0;
  const name = values.get('REPAIRWATCH_ACCOUNT') ?? 'default';
  const place = { endpoint: values.get('TENCENTCLOUD_ENDPOINT'), region: values.get('TENCENTCLOUD_REGION') };
  return [given({ name, ...place, ...(own ? { secretId: id, secretKey: key, token } : {}) })];
}

function pollOf(values: Reading['values']): Raw {
  return given({
    schedule: values.get('POLL_SCHEDULE'),
    timezone: values.get('REPAIRWATCH_TIMEZONE'),
    lookback: values.get('POLL_LOOKBACK'),
    requestsPerSecond: numeric(values.get('POLL_REQUESTS_PER_SECOND')),
  });
}

function mailOf(values: Reading['values']): Raw {
  const [smtp, from, to] = [values.get('SMTP_URL'), values.get('MAIL_FROM'), values.get('MAIL_TO')];
  if (smtp === undefined && from === undefined && to === undefined) return undefined;
  return given({ type: 'email', smtp, from, to: commaSeparated(to) });
}

function heartbeatOf(values: Reading['values']): Raw {
  const [url, every] = [values.get('HEARTBEAT_URL'), values.get('HEARTBEAT_EVERY')];
  return url === undefined && every === undefined ? undefined : given({ url, every });
}

function commaSeparated(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function numeric(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function given(options: Readonly<Record<string, Raw>>): Readonly<Record<string, Raw>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

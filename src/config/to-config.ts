import { formatDuration, parseDuration } from '../lib/duration.ts';
import type { AccountConfig, ChannelConfig, Config, Mentions, RouteConfig, ScheduleConfig } from './config.ts';
import { type CheckedConfig, EVENTS } from './schema.ts';

type Checked<T extends 'accounts' | 'routes'> = NonNullable<CheckedConfig[T]>[number];

/** The checked configuration in the program's own shape: defaults that depend on other options are filled in here. */
export function toConfig(checked: CheckedConfig): Config {
  const { poll, retention, http } = checked;
  const channels = Object.entries(checked.channels).map(([name, channel]) => toChannel(name, channel, checked));
  const everyChannel = channels.map(({ name }) => name);
  const catchAll: RouteConfig = { match: {}, channels: everyChannel, events: EVENTS, continue: false };
  return {
    accounts: (checked.accounts ?? []).flatMap((entry) => toAccounts(entry, poll)),
    poll: {
      schedule: poll.schedule,
      timezone: poll.timezone,
      lookbackMs: poll.lookback,
      overlapMs: poll.overlap,
      requestsPerSecond: poll.requestsPerSecond,
      sinceMs: poll.since,
      requestTimeoutMs: poll.requestTimeout,
    },
    store: checked.store,
    channels,
    routes: checked.routes?.map(toRoute) ?? [catchAll],
    remindersMs: checked.reminders.toSorted((a, b) => b - a),
    digests: checked.digests.map((digest) => ({ ...digest, timezone: digest.timezone ?? poll.timezone })),
    operator: checked.operator ?? { channels: everyChannel },
    heartbeat: checked.heartbeat
      ? { url: checked.heartbeat.url, everyMs: checked.heartbeat.every, startAndFail: checked.heartbeat.startAndFail }
      : null,
    http: http ? { listen: http.listen, token: http.token ?? null, publicUrl: http.publicUrl ?? null } : null,
    retention: { closedTasksMs: retention.closedTasks, pollsMs: retention.polls },
    language: checked.language,
    consoleUrl: checked.consoleUrl,
  };
}

/** The account of an entry, or each of the many. */
function toAccounts(entry: Checked<'accounts'>, poll: ScheduleConfig): readonly AccountConfig[] {
  const { name, each = {} } = entry;
  if (name !== undefined) return [toAccount(name, entry, entry.assumeRole?.roleArn, poll)];
  const template = entry.assumeRole?.roleArn ?? '';
  return Object.entries(each).map(([own, uinOrRole]) => {
    const role = /^\d+$/.test(uinOrRole) ? template.replace('{uin}', uinOrRole) : uinOrRole;
    return toAccount(own, entry, role, poll);
  });
}

function toAccount(
  name: string,
  entry: Checked<'accounts'>,
  roleArn: string | undefined,
  poll: ScheduleConfig,
): AccountConfig {
  const { secretId, secretKey, token = null, assumeRole, schedule, timezone } = entry;
  const { sessionName = 'repairwatch', externalId = null } = assumeRole ?? {};
  const own = schedule !== undefined || timezone !== undefined;
  return {
    name,
    key: secretId && secretKey ? { secretId, secretKey, token } : null,
    assumeRole: roleArn === undefined ? null : { roleArn, sessionName, externalId },
    endpoint: entry.endpoint,
    region: entry.region,
    utcOffsetMs: entry.utcOffset,
    filter: {
      product: entry.product ?? null,
      taskTypes: entry.taskTypes ?? [],
      instanceIds: entry.instanceIds ?? [],
      aliases: entry.aliases ?? [],
    },
    ...(own && { schedule: { schedule: schedule ?? poll.schedule, timezone: timezone ?? poll.timezone } }),
  };
}

function toChannel(name: string, channel: CheckedConfig['channels'][string], checked: CheckedConfig): ChannelConfig {
  const language = channel.language ?? checked.language;
  const timezone = channel.timezone ?? checked.poll.timezone;
  if (channel.type === 'email') return { ...channel, name, language, timezone };
  return { ...channel, name, language, timezone, mention: toMentions(channel.mention) };
}

/** `reminder-60m` and `reminder-1h` are the same rung: the key becomes `reminder-` and `formatDuration` of it. */
function toMentions(written: Mentions): Mentions {
  return Object.fromEntries(
    Object.entries(written).map(([key, mention]) => {
      const rung = key.startsWith('reminder-') ? parseDuration(key.slice('reminder-'.length)) : null;
      return [rung === null ? key : `reminder-${formatDuration(rung)}`, mention];
    }),
  );
}

/** A condition that is not given must be absent, not undefined. */
function toRoute({ match, reminders, ...rest }: Checked<'routes'>): RouteConfig {
  const ladder = reminders && { remindersMs: reminders.toSorted((a, b) => b - a) };
  return { ...rest, ...ladder, match: given(match) };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(options: T): Given<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  // fromEntries forgets the keys' names; they are the object's own.
  return Object.fromEntries(entries) as Given<T>;
}

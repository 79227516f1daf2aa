import { formatDuration } from '../lib/duration.ts';
import type { AccountConfig, ChannelConfig, Config, RouteConfig, StoreConfig } from './config.ts';

/** What the configuration comes to, in a few lines for people; nothing in it is secret. */
export function describeConfig(config: Config): string {
  const { poll, retention, heartbeat } = config;
  const lines: (readonly [string, string])[] = [
    ...describeAccounts(config.accounts).map((says) => ['account', says] as const),
    [
      'poll',
      `"${poll.schedule}" ${poll.timezone}, back ${formatDuration(poll.lookbackMs)}, overlap ${formatDuration(poll.overlapMs)}, ${poll.requestsPerSecond} requests/s`,
    ],
    ['store', describeStore(config.store)],
    ...config.channels.map((channel) => ['channel', describeChannel(channel)] as const),
    ...config.routes.map((route) => ['route', describeRoute(route)] as const),
    ['reminders', config.remindersMs.map(formatDuration).join(', ') || 'none'],
    ...config.digests.map(
      ({ name, schedule, timezone, channels }) =>
        ['digest', `${name}: "${schedule}" ${timezone} to ${channels.join(', ')}`] as const,
    ),
    ['operator', config.operator.channels.join(', ')],
    ['heartbeat', heartbeat === null ? 'none' : `every ${formatDuration(heartbeat.everyMs)}`],
    ['page', describePage(config.http)],
    [
      'retention',
      `closed tasks ${formatDuration(retention.closedTasksMs)}, polls ${formatDuration(retention.pollsMs)}`,
    ],
    ['language', config.language],
  ];
  return lines.map(([what, says]) => `${what.padEnd(9)}  ${says}`).join('\n');
}

const NAMED_AT_MOST = 5;

/** A line for each; accounts that differ only by name and UIN share one where they are many. */
function describeAccounts(accounts: readonly AccountConfig[]): readonly string[] {
  const alike = Map.groupBy(accounts, (account) => describeAccount(account).replace(/uin\/\d+/, 'uin/{uin}'));
  return [...alike].flatMap(([says, same]) => {
    if (same.length <= NAMED_AT_MOST) return same.map((account) => `${account.name}: ${describeAccount(account)}`);
    const [first, last] = [same[0]?.name ?? '', same.at(-1)?.name ?? ''];
    return [`${same.length} accounts, ${first} to ${last}: ${says}`];
  });
}

function describeAccount({ key, assumeRole, endpoint, region, filter, schedule }: AccountConfig): string {
  const source = key === null ? 'official credential chain' : 'own key';
  const role = assumeRole === null ? '' : `, as ${assumeRole.roleArn}`;
  const polls = schedule === undefined ? '' : `, "${schedule.schedule}" ${schedule.timezone}`;
  const narrowed = [
    filter.product === null ? [] : [`product ${filter.product}`],
    filter.taskTypes.length === 0 ? [] : [`task types ${filter.taskTypes.join(', ')}`],
    filter.instanceIds.length === 0 ? [] : [`${filter.instanceIds.length} instance ids`],
    filter.aliases.length === 0 ? [] : [`${filter.aliases.length} aliases`],
  ].flat();
  const only = narrowed.length === 0 ? '' : `, only ${narrowed.join(', ')}`;
  return `${source}${role}, ${endpoint} ${region}${polls}${only}`;
}

function describeChannel(channel: ChannelConfig): string {
  const to = channel.type === 'email' ? ` from ${channel.from} to ${channel.to.join(', ')}` : '';
  return `${channel.name}: ${channel.type}${to}, ${channel.language}, ${channel.timezone}`;
}

function describeRoute({ match, channels, events, continue: goesOn }: RouteConfig): string {
  const conditions = Object.entries(match).map(([key, value]) => `${key} ${[value].flat().join('|')}`);
  const which = conditions.length === 0 ? 'every task' : conditions.join(' and ');
  return `${which} to ${channels.join(', ')} (${events.join(', ')})${goesOn ? ', then on' : ''}`;
}

function describePage(http: Config['http']): string {
  if (http === null) return 'none';
  const { listen, token, publicUrl } = http;
  const links = publicUrl === null ? '' : `, messages link to ${publicUrl}`;
  return `${listen}, ${token === null ? 'to be read on this machine' : 'with a token'}${links}`;
}

function describeStore(store: StoreConfig): string {
  return store.engine === 'sqlite' ? `sqlite:${store.path}` : store.address.place;
}

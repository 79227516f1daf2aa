import { isLoopback } from '../lib/loopback.ts';
import { readSmtpUrl } from '../lib/smtp-url.ts';
import { PRODUCTS, TASK_TYPES } from '../model/vocabulary.ts';
import type { ChannelConfig, Config } from './config.ts';
import { MAKE_TOKEN, TOKEN_MIN_CHARACTERS } from './token-length.ts';

/** What is allowed but may not be meant; each a sentence for `check` and the start. */
export function warningsFor(config: Config): readonly string[] {
  return [
    ...watching(config),
    ...sameTasks(config),
    ...routing(config),
    ...config.channels.flatMap(plainPassword),
    ...shortToken(config),
    ...unusedChannels(config),
    ...unknownValues(config),
  ];
}

function watching({ heartbeat, operator, digests }: Config): readonly string[] {
  const warnings: string[] = [];
  if (heartbeat === null) {
    warnings.push('There is no heartbeat, so nobody is told when this service dies; set heartbeat.url.');
  }
  if (new Set(operator.channels).size < 2) {
    const only = operator.channels.join();
    warnings.push(
      `The operator has no second channel, so nobody is told when ${only} itself fails; give operator.channels another one.`,
    );
  }
  if (digests.length === 0)
    warnings.push('There is no digest, so nothing sums up what still waits; add one to digests.');
  return warnings;
}

/** Looks at the keys' fingerprints; nothing of a key is told. */
function sameTasks({ accounts }: Config): readonly string[] {
  const reader = ({ key, assumeRole, filter }: Config['accounts'][number]): string =>
    JSON.stringify([assumeRole?.roleArn ?? key?.secretId.fingerprint() ?? 'official chain', filter]);
  return [...Map.groupBy(accounts, reader).values()]
    .filter((same) => same.length > 1)
    .map((same) => {
      const names = same.map(({ name }) => name);
      const all = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
      return `Accounts ${all} have one key and one filter, so each of their tasks is told once for each; leave all but one out, or give each its own.`;
    });
}

function routing({ routes }: Config): readonly string[] {
  const catchAll = routes.findIndex(({ match }) => Object.keys(match).length === 0);
  if (catchAll < 0) {
    return [
      'No route matches every task, so some tasks may reach only the operator; end routes with one that has no match.',
    ];
  }
  const last = routes.findIndex(({ match, continue: goesOn }) => Object.keys(match).length === 0 && !goesOn);
  if (last < 0 || last === routes.length - 1) return [];
  return [`routes[${last}] matches every task, so the routes after it are never asked; put it last or set continue.`];
}

/** Looks into the secret for its scheme and host; neither is told. */
function plainPassword(channel: ChannelConfig): readonly string[] {
  if (channel.type !== 'email') return [];
  const server = readSmtpUrl(channel.smtp);
  if ('problem' in server || server.login === null || isLoopback(server.host)) return [];
  if (server.tls !== 'optional' && server.tls !== 'off') return [];
  return [
    `The password of channel ${channel.name} may cross the network unprotected, as tls=${server.tls} in its smtp allows; leave tls out.`,
  ];
}

/** Where others can reach the address it is refused; here a proxy may still stand between. */
function shortToken({ http }: Config): readonly string[] {
  if (http?.token == null || http.token.length >= TOKEN_MIN_CHARACTERS) return [];
  return [
    `http.token has fewer than ${TOKEN_MIN_CHARACTERS} characters, so somebody may find it by trying; make one with ${MAKE_TOKEN}.`,
  ];
}

function unusedChannels({ channels, routes, digests, operator }: Config): readonly string[] {
  const used = new Set([...routes, ...digests, operator].flatMap((user) => user.channels));
  return channels
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `Channel ${name} is in no route, no digest and not the operator's, so nothing is sent to it.`);
}

function unknownValues({ accounts, routes }: Config): readonly string[] {
  const products = [
    ...accounts.flatMap(({ filter }) => filter.product ?? []),
    ...routes.flatMap(({ match }) => match.product ?? []),
  ];
  const types = [
    ...accounts.flatMap(({ filter }) => filter.taskTypes),
    ...routes.flatMap(({ match }) => match.taskType ?? []),
  ];
  return [
    ...unknown('product', products, Object.keys(PRODUCTS)),
    ...unknown('task type', types.map(String), Object.keys(TASK_TYPES)),
  ];
}

function unknown(kind: string, used: readonly string[], known: readonly string[]): readonly string[] {
  return [...new Set(used)]
    .filter((value) => !known.includes(value))
    .map((value) => `The ${kind} ${value} is not one we know (${known.join(', ')}); it is used as it is.`);
}

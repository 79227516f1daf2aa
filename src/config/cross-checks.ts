import { formatDuration, parseDuration } from '../lib/duration.ts';
import { isLoopback } from '../lib/loopback.ts';
import { accountEntries } from './account-entries.ts';
import { namesAt, sameNames, unknownNames } from './named.ts';
import { type Finding, type Path, pathName } from './problem.ts';
import { rawAt, rawEntries, rawItems } from './raw.ts';
import { DEFAULTS, EVENTS } from './schema.ts';
import { shownValue } from './shown-value.ts';
import type { Source } from './source.ts';
import { MAKE_TOKEN, TOKEN_MIN_CHARACTERS } from './token-length.ts';

/**
 * What one option says about another. Works on what is written, whatever else is wrong with it, so that all problems are found at once;
 * where the other option is itself broken, nothing is concluded.
 */
export function crossChecks(source: Source): readonly Finding[] {
  return [
    ...channelReferences(source),
    ...accountEntries(source),
    ...sameDigests(source),
    ...mentions(source),
    ...sameReminders(source),
    ...spans(source),
    ...openPage(source),
  ];
}

function channelReferences(source: Source): readonly Finding[] {
  const known = rawEntries(rawAt(source.raw, ['channels'])).map(([name]) => name);
  const lists: readonly Path[] = [
    ...rawItems(rawAt(source.raw, ['routes'])).map((_, index) => ['routes', index, 'channels']),
    ...rawItems(rawAt(source.raw, ['digests'])).map((_, index) => ['digests', index, 'channels']),
    ['operator', 'channels'],
  ];
  return lists.flatMap((path) => unknownNames(source, path, 'channel', known));
}

function sameDigests(source: Source): readonly Finding[] {
  const digests = rawItems(rawAt(source.raw, ['digests']));
  const paths = digests.map((_, index): Path => ['digests', index, 'name']);
  return sameNames(
    source,
    paths.flatMap((path) => namesAt(source, path)),
  );
}

/** Where a ladder may be written: the general one, and each route's own. */
function ladders({ raw }: Source): readonly Path[] {
  const own = rawItems(rawAt(raw, ['routes'])).map((_, index) => ['routes', index, 'reminders']);
  return [['reminders'], ...own.filter((path) => rawAt(raw, path) !== undefined)];
}

/** The rungs of a ladder in milliseconds; null where the list is broken. */
function rungs({ raw }: Source, path: Path): readonly number[] | null {
  const written = rawAt(raw, path) ?? DEFAULTS.reminders;
  if (!Array.isArray(written)) return null;
  const parsed = written.map((rung) => (typeof rung === 'string' ? parseDuration(rung) : null));
  return parsed.some((ms) => ms === null) ? null : parsed.flatMap((ms) => ms ?? []);
}

function mentions(source: Source): readonly Finding[] {
  const all = ladders(source).map((path) => rungs(source, path));
  if (all.includes(null)) return [];
  const ladder = [...new Set(all.flatMap((each) => each ?? []))];
  const known = [...EVENTS, ...ladder.map((ms) => `reminder-${formatDuration(ms)}`)];
  return rawEntries(rawAt(source.raw, ['channels'])).flatMap(([name, channel]) =>
    rawEntries(rawAt(channel, ['mention'])).flatMap(([key]) => {
      const rung = key.startsWith('reminder-') ? parseDuration(key.slice('reminder-'.length)) : null;
      if (known.includes(key) || (rung !== null && ladder.includes(rung))) return [];
      const path = ['channels', name, 'mention', key];
      return [{ path, says: `is not an event; it must be one of ${known.join(', ')}` }];
    }),
  );
}

function sameReminders(source: Source): readonly Finding[] {
  return ladders(source).flatMap((list) => {
    const ladder = rungs(source, list) ?? [];
    return ladder.flatMap((ms, index) => {
      const other = ladder.indexOf(ms);
      const path = [...list, index];
      const says = `${shownValue(source, path)}; ${pathName([...list, other])} is as long, and each must differ`;
      return other === index ? [] : [{ path, says }];
    });
  });
}

function spans(source: Source): readonly Finding[] {
  const span = (path: Path, unless: string): number | null => {
    const written = rawAt(source.raw, path) ?? unless;
    return typeof written === 'string' ? parseDuration(written) : null;
  };
  const lookback = span(['poll', 'lookback'], DEFAULTS.lookback);
  const overlap = span(['poll', 'overlap'], DEFAULTS.overlap);
  const kept = span(['retention', 'closedTasks'], DEFAULTS.closedTasks);
  const findings: Finding[] = [];
  if (lookback === null) return findings;
  const shown = formatDuration(lookback);
  if (overlap !== null && overlap > lookback) {
    findings.push({ path: ['poll', 'overlap'], says: `is longer than poll.lookback (${shown}); it must be shorter` });
  }
  if (kept !== null && kept < lookback) {
    const path = ['retention', 'closedTasks'];
    findings.push({ path, says: `is shorter than poll.lookback (${shown}); it must be at least as long` });
  }
  return findings;
}

/** Whoever reaches the port reads the page: beyond this machine only with a token, and only with one that nobody finds by trying. */
function openPage(source: Source): readonly Finding[] {
  const listen = rawAt(source.raw, ['http', 'listen']);
  const host = typeof listen === 'string' ? /^(.+):\d+$/.exec(listen)?.[1] : undefined;
  if (host === undefined || isLoopback(host)) return [];
  const [address, path] = [shownValue(source, ['http', 'listen']), ['http', 'token']];
  const token = rawAt(source.raw, path);
  if (token === undefined) {
    const says = `${address}, which others can reach; set http.token, or listen on 127.0.0.1`;
    return [{ path: ['http', 'listen'], says }];
  }
  if (typeof token !== 'string' || token.length >= TOKEN_MIN_CHARACTERS) return [];
  const says = `has fewer than ${TOKEN_MIN_CHARACTERS} characters, and others can reach http.listen; make one with ${MAKE_TOKEN}`;
  return [{ path, says }];
}

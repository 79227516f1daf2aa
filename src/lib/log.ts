import { inspect } from 'node:util';
import { pino } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import { escapeUnprintable, hideCredentials } from './safe-text.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Values by name; any type, secrets and errors too. The line's own names are taken. */
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly event?: never;
  readonly level?: never;
  readonly time?: never;
};

/** A line is a constant event plus fields, e.g. `log.warn('lane-paused', { lane, untilMs })`; what varies never stands in the event. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log whose every line has these fields too. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** For people at a terminal: `12:00:00.000 warn lane-paused lane='…'` instead of JSON. */
  readonly pretty?: boolean;
  /** Where a line goes, with its line feed; stdout unless given. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
}

/** Fields that are never shown, whatever their type: a second net under `Secret`. */
const HIDDEN = ['secretKey', 'secretId', 'token', 'password', 'pass', 'authorization', 'smtp', 'webhook'];

/** JSON lines, one event each; control characters and line separators are escaped, credentials hidden. */
export function createLog({ level, pretty = false, write, clock = systemClock }: LogOptions): Log {
  const safe = (line: string): string => escapeUnprintable(hideCredentials(pretty ? prettyLine(line) : line));
  const options: pino.LoggerOptions = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label }), log: withErrorsShown },
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    hooks: { streamWrite: (line) => `${safe(line.trimEnd())}\n` },
  };
  return narrow(write === undefined ? pino(options) : pino(options, { write }));
}

/** Says nothing; for tests and for code that is asked without a log. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

function narrow(logger: pino.Logger): Log {
  return {
    debug: (event, fields = {}) => logger.debug(fields, event),
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
    child: (fields) => narrow(logger.child(fields)),
  };
}

/** An Error has no enumerable field and would be written as `{}`. */
function withErrorsShown(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? pino.stdSerializers.err(value) : value,
    ]),
  );
}

function prettyLine(json: string): string {
  // The line was made by pino with the options above, so it is an object with these three names.
  const { level, time, event, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${inspect(value, { breakLength: Infinity })}`);
  return [String(time).slice(11, 23), level, event, ...shown].join(' ');
}

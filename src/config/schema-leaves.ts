import * as z from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { formatDuration, parseDuration } from '../lib/duration.ts';
import { isLoopback } from '../lib/loopback.ts';
import { readPostgresUrl } from '../lib/postgres-url.ts';
import { parseSchedule } from '../lib/schedule.ts';
import { Secret } from '../lib/secret.ts';
import { readSmtpUrl } from '../lib/smtp-url.ts';
import { isTimeZone, nearestTimeZone } from '../lib/time-zone.ts';

/** A value of a leaf that cannot be used; `because` is a clause such as "it must be zh-CN or en" where the leaf's own does not say enough. */
class Refused {
  readonly because: string | undefined;

  constructor(because?: string) {
    this.because = because;
  }
}

const NO = new Refused();

/** A text that `read` turns into what the program uses. The message of every issue is the clause that says what is allowed. */
function leaf<T>(allowed: string, read: (text: string) => T | Refused) {
  const rule = `it must be ${allowed}`;
  return z.string({ error: rule }).transform((text, context) => {
    const value = read(text);
    if (!(value instanceof Refused)) return value;
    context.addIssue({ code: 'custom', message: value.because ?? rule });
    return z.NEVER;
  });
}

/** A mapping that knows its keys. The message of an `unrecognized_keys` issue is the list of them, for the nearest to be chosen from. */
export function section<S extends z.ZodRawShape>(shape: S) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? keys.join(' ') : `it must be a mapping with ${keys.join(', ')}`,
  });
}

/** A list of at least `min` items. */
export function list<T extends z.ZodType>(item: T, allowed: string, min = 1) {
  const rule = `it must be a list of ${allowed}`;
  return z.array(item, { error: rule }).min(min, { error: `${rule}, at least ${min}` });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  const last = values[values.length - 1];
  return z.enum(values, { error: `it must be ${values.slice(0, -1).join(', ')} or ${last}` });
}

export function wholeNumber(min: number, max: number) {
  const rule = `it must be a whole number from ${min} to ${max}`;
  return z.int({ error: rule }).min(min, { error: rule }).max(max, { error: rule });
}

export function yesOrNo() {
  return z.boolean({ error: 'it must be true or false' });
}

/** Control characters: they would end a header line, a log line or a terminal's patience. */
const CONTROL = /\p{Cc}/u;

function isLine(text: string): boolean {
  return text.trim() !== '' && !CONTROL.test(text) && text.length <= 2000;
}

export function line(allowed: string) {
  return leaf(allowed, (text) => (isLine(text) ? text : NO));
}

export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function name() {
  return leaf('a name of up to 64 letters, digits, ".", "_" and "-"', (text) => (NAME.test(text) ? text : NO));
}

/** A name in which `*` stands for any text. */
export function namePattern() {
  return leaf('a name of up to 64 letters, digits, ".", "_" and "-", with * for any text', (text) =>
    NAME.test(text.replaceAll('*', 'x')) ? text : NO,
  );
}

export function secret(allowed: string) {
  return leaf(`${allowed}, on one line without spaces`, (text) =>
    isLine(text) && !/\s/.test(text) ? new Secret(text) : NO,
  );
}

export function duration(minMs: number, maxMs: number) {
  const range = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return leaf(`a duration such as 30d, 4h, 10m, 90s or 1h30m, ${range}`, (text) => {
    const ms = parseDuration(text);
    return ms !== null && ms >= minMs && ms <= maxMs ? ms : NO;
  });
}

export function schedule() {
  const allowed = 'a schedule of five or six cron fields such as "*/5 * * * *"';
  return leaf(allowed, (text) => {
    const parsed = parseSchedule(text);
    return parsed.ok ? text.trim() : new Refused(`it must be ${allowed}, and this one ${parsed.problem}`);
  });
}

export function timeZone() {
  const allowed = 'an IANA time zone such as Asia/Shanghai';
  return leaf(allowed, (text) => {
    if (isTimeZone(text)) return text;
    const near = nearestTimeZone(text);
    return near === null ? NO : new Refused(`it must be ${allowed}; did you mean ${near}?`);
  });
}

/** Milliseconds from `+08:00`. */
export function utcOffset() {
  return leaf('an offset from UTC such as "+08:00"', (text) => {
    const match = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text);
    if (match === null) return NO;
    const ms = Number(match[2]) * HOUR_MS + Number(match[3]) * MINUTE_MS;
    return match[1] === '-' ? -ms : ms;
  });
}

const BEIJING_MS = 8 * HOUR_MS;

/** The beginning of the day in Beijing, whose clock the API's times are in. */
export function date() {
  return leaf('a date such as 2015-01-01, from 2010-01-01 on', (text) => {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    const real = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
    return real && ms >= 40 * 365 * DAY_MS + 10 * DAY_MS ? ms - BEIJING_MS : NO;
  });
}

const HTTPS = 'it must start with https:// (http:// is accepted for loopback addresses only)';

function readHttpUrl(text: string): URL | Refused {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^/]/i.test(text) || CONTROL.test(text) || /\s/.test(text)) return NO;
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return new Refused(HTTPS);
  if (url.username !== '' || url.password !== '') return new Refused('it must not hold a user name or a password');
  return url;
}

/** An address that is not a secret. */
export function webAddress(allowed: string) {
  return leaf(allowed, (text) => {
    const url = readHttpUrl(text);
    return url instanceof Refused ? url : text;
  });
}

/** An address that only its owner may know, as Slack's hooks are. */
export function secretAddress(allowed: string) {
  return leaf(allowed, (text) => {
    const url = readHttpUrl(text);
    return url instanceof Refused ? url : new Secret(text);
  });
}

/** Scheme, host and port, nothing more. */
export function origin(allowed: string) {
  return leaf(allowed, (text) => {
    const url = readHttpUrl(text);
    if (url instanceof Refused) return url;
    return url.pathname === '/' && url.search === '' && url.hash === '' ? url.origin : NO;
  });
}

/** `smtp://` or `smtps://` with a host; user and password percent-encoded. */
export function smtpAddress(allowed: string) {
  return leaf(allowed, (text) => {
    const url = URL.parse(text);
    if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !isLine(text)) return NO;
    try {
      decodeURIComponent(url.username + url.password);
    } catch {
      return new Refused('its user name and password must be percent-encoded, a "%" as %25 and a "@" as %40');
    }
    const secret = new Secret(text);
    const server = readSmtpUrl(secret);
    return 'problem' in server ? new Refused(`it ${server.problem}`) : secret;
  });
}

/** One plain address; the characters that could smuggle a second one, a name or a header line are not in it. */
export function emailAddress() {
  return leaf('one e-mail address such as ops@example.com, without a name', (text) =>
    /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}@<>()[\]\\,;:"_]{1,255}$/u.test(text) ? text : NO,
  );
}

/** `host:port`, an IPv6 host in brackets. */
export function listenAddress() {
  return leaf('an address to listen on such as 127.0.0.1:9420', (text) => {
    const match = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(text);
    return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535 ? text : NO;
  });
}

/** `sqlite:PATH`, which something in memory is not: it would forget what was told, and tell it again; or `postgres://…`. */
export function storeAddress() {
  return leaf(
    'sqlite:PATH, e.g. sqlite:data/repairwatch.db, or postgres://user:password@host:5432/database',
    (text) => {
      if (/^postgres(ql)?:/i.test(text)) {
        const address = readPostgresUrl(new Secret(text));
        return 'problem' in address ? new Refused(`it ${address.problem}`) : { engine: 'postgres' as const, address };
      }
      const path = /^sqlite:(?!\/\/)(.+)$/.exec(text)?.[1];
      if (path === undefined || CONTROL.test(path) || path.trim() !== path) return NO;
      if (path.startsWith(':') || path.startsWith('file:') || path.includes('?')) {
        return new Refused(
          'it must be sqlite:PATH with the path of a file, because a store in memory forgets what it has told',
        );
      }
      return { engine: 'sqlite' as const, path };
    },
  );
}

/** Slack's own syntax for whom to call. */
export function mention() {
  return leaf('mentions in Slack’s syntax such as <!here>, <!channel>, <@U0123ABCD> or <!subteam^S0123ABCD>', (text) =>
    /^<(?:!here|!channel|!everyone|@[A-Z0-9]{2,32}|!subteam\^[A-Z0-9]{2,32})>(?: <(?:!here|!channel|!everyone|@[A-Z0-9]{2,32}|!subteam\^[A-Z0-9]{2,32})>)*$/.test(
      text,
    )
      ? text
      : NO,
  );
}

const ROLE = /^qcs::cam::uin\/(?:\d+|\{uin\}):role(?:Name)?\/[\w+=,.@/-]+$/;

/** `qcs::cam::uin/…:roleName/…` or `…:role/…`, `{uin}` in the place of the number where an entry is for many accounts. */
export function roleArn() {
  return leaf('a role such as qcs::cam::uin/100000000001:roleName/repairwatch', (text) =>
    ROLE.test(text) ? text : NO,
  );
}

/** Of one account among many: the number of it, as text or as YAML's own, or the role by which it is read. Its text comes out. */
export function uinOrRole() {
  const rule =
    'it must be a UIN such as 100000000001, or a role such as qcs::cam::uin/100000000001:roleName/repairwatch';
  return z
    .union([z.int().positive().transform(String), z.string()], { error: rule })
    .refine((text) => /^\d{1,20}$/.test(text) || (ROLE.test(text) && !text.includes('{uin}')), { error: rule });
}

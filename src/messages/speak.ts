import { cleanLine, cutText } from '../lib/clean-text.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import type { Deadline } from '../model/deadline.ts';
import type { RepairTask } from '../model/task.ts';
import {
  AUTH_SOURCES,
  AUTH_TYPES,
  type Language,
  type Names,
  PRODUCTS,
  TASK_STATUSES,
  TASK_TYPES,
} from '../model/vocabulary.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, 'zh-CN': zhCn };
const NAME_MAX = 64;
const LATEST_MS = 8.64e15;
const REMEMBERED_MINUTES = 1_000;

export interface SpeakerOptions {
  readonly language: Language;
  /** IANA name. */
  readonly timezone: string;
  readonly consoleUrl: string;
  /** The service's own page, where there is one. */
  readonly publicUrl: string | null;
}

/** One language, one zone: turns facts into words. Pure: the same facts give the same words. */
export interface Speaker {
  readonly words: Catalogue;
  readonly language: Language;
  readonly timezone: string;
  /** Links, null where the address is not http(s). */
  readonly consoleUrl: string | null;
  readonly publicUrl: string | null;
  /** "Fri 2023-03-10 12:00 GMT+8": always with the zone's name. */
  time(at: EpochMs): string;
  /** "1 d 23 h"; the sign is ignored. */
  duration(ms: number): string;
  /** "in 1 d 23 h" or "2 h ago", seen from `now`. */
  relative(at: EpochMs, now: EpochMs): string;
  /** The whole phrase of a deadline: when, how far, how sure. */
  deadline(deadline: Deadline, now: EpochMs): string;
  /** Text from outside, harmless and at most `max` long (64 unless told). */
  outside(text: string, max?: number): string;
  typeName(task: Pick<RepairTask, 'taskTypeId' | 'taskTypeName'>): string;
  statusName(status: number | null): string;
  authTypeName(authType: number | null): string;
  authSourceName(source: string): string;
  productName(product: string): string;
}

/** What makes and formats every text of one language and zone. Throws on a zone that the runtime does not know. */
export function createSpeaker(options: SpeakerOptions): Speaker {
  const { language, timezone } = options;
  const words = CATALOGUES[language];
  const time = timeFormatter(words, timezone);
  const duration = (ms: number): string => durationWords(words, Math.abs(ms));
  const relative = (at: EpochMs, now: EpochMs): string =>
    at >= now ? words.time.ahead(duration(at - now)) : words.time.ago(duration(now - at));
  return {
    words,
    language,
    timezone,
    consoleUrl: webAddress(options.consoleUrl),
    publicUrl: webAddress(options.publicUrl),
    time,
    duration,
    relative,
    deadline(deadline, now) {
      if (deadline.certainty === 'none') return words.task.deadlineNone;
      const phrase = deadline.certainty === 'stated' ? words.task.deadlineStated : words.task.deadlineEstimated;
      return phrase(time(deadline.at), relative(deadline.at, now));
    },
    outside,
    typeName: ({ taskTypeId, taskTypeName }) => typeName(words, taskTypeId, taskTypeName),
    statusName: (status) =>
      status === null
        ? words.names.notListed
        : (known(TASK_STATUSES, status)?.[language] ?? words.names.unknownStatus(status)),
    authTypeName: (authType) =>
      authType === null
        ? words.names.authTypeMissing
        : (known(AUTH_TYPES, authType)?.[language] ?? words.names.unknownAuthType(authType)),
    authSourceName: (source) => known(AUTH_SOURCES, source)?.[language] ?? words.names.unknownValue(outside(source)),
    productName(product) {
      const name = known(PRODUCTS, product)?.[language];
      return name === undefined ? words.names.unknownValue(outside(product)) : words.names.product(product, name);
    },
  };
}

function outside(text: string, max = NAME_MAX): string {
  return cutText(cleanLine(text), max);
}

/** Own properties only: a value from outside may be called "constructor". */
function known(names: Readonly<Record<string | number, Names>>, key: string | number): Names | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

function typeName(words: Catalogue, id: number | null, vendorName: string | null): string {
  const name = id === null ? undefined : known(TASK_TYPES, id)?.[words.language];
  if (name !== undefined) return name;
  const vendors = vendorName === null ? '' : outside(vendorName);
  if (id !== null) return words.names.unknownType(id, vendors === '' ? null : vendors);
  return vendors === '' ? words.names.typeMissing : vendors;
}

function timeFormatter(words: Catalogue, timezone: string): (at: EpochMs) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const inWords = (at: EpochMs): string => {
    if (!Number.isFinite(at) || Math.abs(at) > LATEST_MS) return words.time.unknown;
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const weekday = words.time.weekdays[en.time.weekdays.indexOf(part['weekday'] ?? '')] ?? '';
    const date = `${part['year']}-${part['month']}-${part['day']}`;
    return words.time.moment(weekday, date, `${part['hour']}:${part['minute']}`, part['timeZoneName'] ?? timezone);
  };
  return remembered(inWords);
}

/** Long lists say the same minutes again and again, and formatting is what they cost most. */
function remembered(inWords: (at: EpochMs) => string): (at: EpochMs) => string {
  const said = new Map<number, string>();
  return (at) => {
    const minute = Math.floor(at / MINUTE_MS);
    const known = said.get(minute);
    if (known !== undefined) return known;
    const words = inWords(at);
    if (said.size >= REMEMBERED_MINUTES) said.clear();
    said.set(minute, words);
    return words;
  };
}

function durationWords(words: Catalogue, ms: number): string {
  if (!Number.isFinite(ms)) return words.time.unknown;
  return words.time.duration(
    Math.floor(ms / DAY_MS),
    Math.floor((ms % DAY_MS) / HOUR_MS),
    Math.floor((ms % HOUR_MS) / MINUTE_MS),
  );
}

function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

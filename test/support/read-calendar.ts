/** A property of a component: its parameters as written, its value with text escapes as written. */
export interface CalendarProperty {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

export interface CalendarComponent {
  readonly name: string;
  readonly properties: readonly CalendarProperty[];
  readonly components: readonly CalendarComponent[];
}

const LINE = /^([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$/su;
/** TEXT of RFC 5545, 3.3.11: no control character, and `\`, `;`, `,` only escaped. */
const TEXT = /^(?:[^\p{Cc}\\;,]|\\[\\;,nN])*$/u;
const UTC = /^\d{8}T\d{6}Z$/;
const VALUES: Readonly<Record<string, RegExp>> = {
  SUMMARY: TEXT,
  DESCRIPTION: TEXT,
  LOCATION: TEXT,
  UID: TEXT,
  DTSTART: UTC,
  DTEND: UTC,
  DTSTAMP: UTC,
  'LAST-MODIFIED': UTC,
  SEQUENCE: /^\d+$/,
  STATUS: /^(?:TENTATIVE|CONFIRMED|CANCELLED)$/,
  TRANSP: /^(?:OPAQUE|TRANSPARENT)$/,
  TRIGGER: /^-?PT\d+M$/,
  URL: /^https?:\/\/[!-~]+$/,
};
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  VCALENDAR: ['PRODID', 'VERSION'],
  VEVENT: ['UID', 'DTSTAMP', 'DTSTART'],
  VALARM: ['ACTION', 'TRIGGER', 'DESCRIPTION'],
};

/** Reads an iCalendar object as strictly as RFC 5545 is written; throws where it is not one. */
export function readCalendar(bytes: Uint8Array): CalendarComponent {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (!text.endsWith('\r\n') || /\r(?!\n)|(?<!\r)\n/.test(text)) throw new Error('a line does not end with CRLF');
  const physical = text.slice(0, -2).split('\r\n');
  const long = physical.find((line) => Buffer.byteLength(line) > 75);
  if (long !== undefined) throw new Error(`more than 75 octets: ${long}`);
  const lines = physical.join('\r\n').replaceAll('\r\n ', '').split('\r\n').map(property);
  const [calendar, rest] = component(lines);
  if (calendar.name !== 'VCALENDAR' || rest.length > 0) throw new Error('not one VCALENDAR');
  return calendar;
}

function property(line: string): CalendarProperty {
  const [, name = '', parameters = '', value = ''] = LINE.exec(line) ?? [];
  if (name === '') throw new Error(`no property: ${JSON.stringify(line)}`);
  if (VALUES[name]?.test(value) === false) throw new Error(`not a value of ${name}: ${JSON.stringify(value)}`);
  return { name, parameters, value };
}

function component(lines: readonly CalendarProperty[]): [CalendarComponent, readonly CalendarProperty[]] {
  const [begin, ...inner] = lines;
  if (begin?.name !== 'BEGIN') throw new Error('a component does not begin');
  const name = begin.value;
  const properties: CalendarProperty[] = [];
  const components: CalendarComponent[] = [];
  let left: readonly CalendarProperty[] = inner;
  for (let next = left[0]; next !== undefined && next.name !== 'END'; next = left[0]) {
    if (next.name === 'BEGIN') {
      const [found, rest] = component(left);
      components.push(found);
      left = rest;
    } else {
      properties.push(next);
      left = left.slice(1);
    }
  }
  if (left[0]?.value !== name) throw new Error(`${name} does not end`);
  const names = properties.map((each) => each.name);
  if (new Set(names).size < names.length) throw new Error(`a property comes twice in ${name}: ${names.join(' ')}`);
  const missing = (REQUIRED[name] ?? []).filter((each) => !names.includes(each));
  if (missing.length > 0) throw new Error(`${name} has no ${missing.join(' and no ')}`);
  return [{ name, properties, components }, left.slice(1)];
}

import { hideCredentials } from '../lib/safe-text.ts';
import { type Path, pathName } from './problem.ts';
import { type Raw, rawAt } from './raw.ts';
import type { Source } from './source.ts';

/** Options whose value is a secret wherever they are; `url` is a hook's or a heartbeat's. */
const SECRET_OPTIONS: ReadonlySet<string> = new Set(['secretId', 'secretKey', 'token', 'smtp', 'url', 'externalId']);

const LONGEST_SHOWN = 60;

/** How a sentence tells what is written at a path: `is "30 days"`, `is missing`; a secret value, or one that was put in by a reference, is not shown. */
export function shownValue({ raw, references }: Pick<Source, 'raw' | 'references'>, path: Path): string {
  const value = rawAt(raw, path);
  const from = references.get(pathName(path));
  if (from !== undefined) return `is taken from ${from.join(' and ')}, whose value does not fit`;
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'is an empty list' : 'is a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'is an empty mapping' : 'is a mapping';
  if (path.some((step) => typeof step === 'string' && SECRET_OPTIONS.has(step))) {
    return 'has a value that does not fit (not shown, it is secret)';
  }
  return `is ${shownScalar(value)}`;
}

function shownScalar(value: Raw): string {
  if (typeof value !== 'string') return String(value);
  if (value.includes('://')) return shownUrl(value);
  return JSON.stringify(shortened(hideCredentials(value)));
}

/** Only scheme and host: the rest of an address may hold a password or be one. */
function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === '') return 'an address that cannot be read';
  const whole = `${url.protocol}//${url.host}`;
  return text === whole || text === `${whole}/` ? `"${text}"` : `"${shortened(whole)}/…"`;
}

function shortened(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

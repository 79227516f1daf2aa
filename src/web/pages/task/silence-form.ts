import type { EpochMs } from '../../../lib/clock.ts';
import {
  type EndFault,
  NAME_MAX,
  REASON_MAX,
  shortLine,
  silenceEnd,
  type TextFault,
} from '../../../model/silence-terms.ts';

/** A form's fields as they came. */
export type Fields = Readonly<Record<string, string>>;

/** A field that cannot be taken, and why. */
export type Wrong =
  | { readonly field: 'by' | 'reason'; readonly fault: TextFault }
  | { readonly field: 'until'; readonly fault: EndFault };

export interface AskedAck {
  readonly by: string;
  /** null: until the task changes. */
  readonly until: EpochMs | null;
  /** Of the task as it was shown. */
  readonly revision: number;
}

export interface AskedMute {
  readonly by: string | null;
  readonly until: EpochMs;
  readonly reason: string;
  readonly evenDataLoss: boolean;
}

/** What the form that acknowledges asks for; taking back is an acknowledgement that ends as it begins, as on the command line. */
export function readAck(fields: Fields, now: EpochMs): AskedAck | { readonly wrong: Wrong } {
  const by = shortLine(fields['by'] ?? '', NAME_MAX);
  if ('fault' in by) return { wrong: { field: 'by', fault: by.fault } };
  const shown = fields['revision'] ?? '';
  // One that is no number was never shown, so the task has "moved" since.
  const revision = /^\d{1,9}$/.test(shown) ? Number(shown) : 0;
  if ('withdraw' in fields) return { by: by.line, until: now, revision };
  const text = endText(fields);
  if (text === '') return { by: by.line, until: null, revision };
  const end = silenceEnd(text, now);
  return 'fault' in end ? { wrong: { field: 'until', fault: end.fault } } : { by: by.line, until: end.at, revision };
}

export function readMute(fields: Fields, now: EpochMs): AskedMute | { readonly wrong: Wrong } {
  const end = silenceEnd(endText(fields), now);
  if ('fault' in end) return { wrong: { field: 'until', fault: end.fault } };
  const reason = shortLine(fields['reason'] ?? '', REASON_MAX);
  if ('fault' in reason) return { wrong: { field: 'reason', fault: reason.fault } };
  const by = readOptionalName(fields);
  if ('wrong' in by) return by;
  return { by: by.name, until: end.at, reason: reason.line, evenDataLoss: 'even-data-loss' in fields };
}

/** A name that may be left out. */
export function readOptionalName(fields: Fields): { readonly name: string | null } | { readonly wrong: Wrong } {
  const text = fields['by'] ?? '';
  if (text.trim() === '') return { name: null };
  const by = shortLine(text, NAME_MAX);
  return 'fault' in by ? { wrong: { field: 'by', fault: by.fault } } : { name: by.line };
}

/** What was typed says more than what was chosen. */
function endText(fields: Fields): string {
  const typed = (fields['until-exactly'] ?? '').trim();
  return typed === '' ? (fields['until'] ?? '') : typed;
}

import { cutText } from '../lib/clean-text.ts';
import { isRecord } from '../lib/is-record.ts';
import type { Shown } from './hide-secrets.ts';

/** Every answer of the API is one of these; `fields` is the Response object, still to be parsed by who knows the action. */
export type Envelope =
  | { readonly kind: 'answer'; readonly fields: Readonly<Record<string, unknown>>; readonly requestId: string | null }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly requestId: string | null }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * Reads the envelope `{Response: {…, RequestId}}` or `{Response: {Error: {Code, Message}, RequestId}}` that all API actions share. What is
 * neither is told by its beginning, as `shown` lets it be seen. By hand, since zod would copy the Response and stay in memory for this alone.
 */
export function openEnvelope(body: string, shown: Shown = cutText): Envelope {
  const begins = (): string => (body === '' ? 'it is empty' : `it begins ${JSON.stringify(shown(body, SHOWN_LENGTH))}`);
  const json = parseJson(body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body);
  if (json === undefined) return { kind: 'bad', problem: `it is not JSON (${begins()})` };
  const improper = (): Envelope => ({ kind: 'bad', problem: `it is JSON without a proper Response (${begins()})` });
  const response = isRecord(json) ? json['Response'] : null;
  if (!isRecord(response)) return improper();
  const requestId = textOr(response['RequestId'], null);
  const error = response['Error'];
  if (error == null) return { kind: 'answer', fields: response, requestId };
  if (!isRecord(error)) return improper();
  const code = textOr(error['Code'], '');
  if (code === '') return improper();
  return { kind: 'error', code, message: textOr(error['Message'], ''), requestId };
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}

const BYTE_ORDER_MARK = '\ufeff';
const SHOWN_LENGTH = 40;

/** undefined for text that is no JSON: JSON itself knows no undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

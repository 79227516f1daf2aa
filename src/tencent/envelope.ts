import { z } from 'zod';
import { cutText } from '../lib/clean-text.ts';
import type { Shown } from './hide-secrets.ts';

const failure = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string().min(1), Message: z.string().catch('') }),
    RequestId: z.string().nullable().catch(null),
  }),
});
const success = z.object({
  Response: z.looseObject({ Error: z.null().optional(), RequestId: z.string().nullable().catch(null) }),
});

/** Every answer of the API is one of these; `fields` is the Response object, still to be parsed by who knows the action. */
export type Envelope =
  | { readonly kind: 'answer'; readonly fields: Readonly<Record<string, unknown>>; readonly requestId: string | null }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly requestId: string | null }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * Reads the envelope `{Response: {…, RequestId}}` or `{Response: {Error: {Code, Message}, RequestId}}` that all API actions share. What is
 * neither is told by its beginning, as `shown` lets it be seen.
 */
export function openEnvelope(body: string, shown: Shown = cutText): Envelope {
  const begins = (): string => (body === '' ? 'it is empty' : `it begins ${JSON.stringify(shown(body, SHOWN_LENGTH))}`);
  const json = parseJson(body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body);
  if (json === undefined) return { kind: 'bad', problem: `it is not JSON (${begins()})` };
  const failed = failure.safeParse(json);
  if (failed.success) {
    const { Error: error, RequestId } = failed.data.Response;
    return { kind: 'error', code: error.Code, message: error.Message, requestId: RequestId };
  }
  const answered = success.safeParse(json);
  if (!answered.success) return { kind: 'bad', problem: `it is JSON without a proper Response (${begins()})` };
  return { kind: 'answer', fields: answered.data.Response, requestId: answered.data.Response.RequestId };
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

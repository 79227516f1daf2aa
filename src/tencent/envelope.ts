import { z } from 'zod';

const failure = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string().min(1), Message: z.string().catch('') }),
    RequestId: z.string().nullable().catch(null),
  }),
});
const success = z.object({
  Response: z.looseObject({ Error: z.undefined().optional(), RequestId: z.string().nullable().catch(null) }),
});

/** Every answer of the API is one of these; `fields` is the Response object, still to be parsed by who knows the action. */
export type Envelope =
  | { readonly kind: 'answer'; readonly fields: Readonly<Record<string, unknown>>; readonly requestId: string | null }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly requestId: string | null }
  | { readonly kind: 'bad'; readonly problem: string };

/** Reads the envelope `{Response: {…, RequestId}}` or `{Response: {Error: {Code, Message}, RequestId}}` that all API actions share. */
export function openEnvelope(body: string): Envelope {
  const json = parseJson(body);
  if (json === undefined) return { kind: 'bad', problem: `it is not JSON (it begins ${beginning(body)})` };
  const failed = failure.safeParse(json);
  if (failed.success) {
    const { Error: error, RequestId } = failed.data.Response;
    return { kind: 'error', code: error.Code, message: error.Message, requestId: RequestId };
  }
  const answered = success.safeParse(json);
  if (!answered.success)
    return { kind: 'bad', problem: `it is JSON without a proper Response (it begins ${beginning(body)})` };
  return { kind: 'answer', fields: answered.data.Response, requestId: answered.data.Response.RequestId };
}

const SHOWN_LENGTH = 40;

function beginning(body: string): string {
  return body === '' ? 'and ends with nothing' : JSON.stringify(body.slice(0, SHOWN_LENGTH));
}

/** undefined for text that is no JSON: JSON itself knows no undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import {
  IncomingWebhook,
  type IncomingWebhookDefaultArguments,
  type IncomingWebhookSendArguments,
} from '@slack/webhook';
import { DecoratorHandler, type Dispatcher, EnvHttpProxyAgent, fetch } from 'undici';
import { proxiesOf } from '../../lib/proxy.ts';

/** What came back from a hook. */
export type HookAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string | null; readonly body: string }
  /** Nothing came back. `sent`: the request had begun to leave; `code`: the system's name for the trouble, e.g. `ECONNREFUSED`. */
  | { readonly kind: 'none'; readonly sent: boolean; readonly code: string };

export interface Hook {
  post(payload: IncomingWebhookSendArguments, signal: AbortSignal): Promise<HookAnswer>;
  close(): Promise<void>;
}

type SlackFetch = NonNullable<IncomingWebhookDefaultArguments['fetch']>;

/** Slack's answers are single words; what is longer is not Slack's. */
const LONGEST_BODY_BYTES = 4_096;

/**
 * A hook that is posted to through @slack/webhook. Its own errors lose Retry-After and the moment of a failure, so the answer is taken
 * where it passes: at the fetch function. Proxies are those of the environment (HTTPS_PROXY, NO_PROXY).
 */
export function createHook(url: string, timeoutMs: number): Hook {
  const agent = new EnvHttpProxyAgent({
    ...proxiesOf(process.env),
    // A connection for each message: on one that was kept, a reset leaves open whether the message was read.
    pipelining: 0,
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return {
    post: (payload, signal) => post(url, agent, payload, signal),
    close: () => agent.destroy(),
  };
}

async function post(
  url: string,
  agent: Dispatcher,
  payload: IncomingWebhookSendArguments,
  signal: AbortSignal,
): Promise<HookAnswer> {
  let sent = false;
  let answer: HookAnswer | null = null;
  const dispatcher = agent.compose(
    noticeStart(() => {
      sent = true;
    }),
  );
  const webhook = new IncomingWebhook(url, {
    async fetch(address, { headers = {}, body: json } = {}) {
      const request = { method: 'POST', headers, body: String(json), redirect: 'manual', signal, dispatcher } as const;
      const response = await fetch(address, request);
      const body = await readStart(response.body);
      answer = { kind: 'answer', status: response.status, retryAfter: response.headers.get('retry-after'), body };
      return asRead(response, body);
    },
  });
  try {
    await webhook.send(payload);
  } catch (error) {
    return answer ?? { kind: 'none', sent, code: codeOf(error, signal) };
  }
  return answer ?? { kind: 'none', sent, code: 'no answer' };
}

/** Tells when the request is about to be written: from then on it may have been accepted. */
function noticeStart(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    class Noticing extends DecoratorHandler {
      onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
        onStart();
        handler.onRequestStart?.(controller, context);
      }
    }
    return dispatch(options, new Noticing(handler));
  };
}

/** The start of a body. One that breaks off is what it was until then: the status has already said what matters. */
async function readStart(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST_BODY_BYTES) break;
    }
  } catch {
    chunks.push(Buffer.from(' (broken off)'));
  }
  return Buffer.concat(chunks).toString();
}

/** The response as @slack/webhook wants it, its body being read already. */
function asRead(response: Awaited<ReturnType<typeof fetch>>, body: string): Awaited<ReturnType<SlackFetch>> {
  const { ok, status, statusText, headers } = response;
  const bytes = Buffer.from(body);
  return {
    ok,
    status,
    statusText,
    headers,
    url: '',
    text: async () => body,
    json: async () => JSON.parse(body),
    arrayBuffer: async () => new Uint8Array(bytes).buffer,
  };
}

/** The innermost code of an error; never its text, which may hold the address. */
function codeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'stopped before an answer';
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  }
  return 'connection trouble';
}

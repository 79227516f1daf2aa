import { blocksFollowTheRules } from './slack-blocks.ts';

export type SlackJudgement =
  | { readonly ok: true; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly answer: 'invalid_payload' | 'no_text' | 'invalid_blocks' };

/** What an app's webhook may carry; channel, username and icon are for legacy hooks and refused. */
const PROPERTIES: readonly string[] = ['text', 'blocks', 'mrkdwn', 'unfurl_links', 'unfurl_media', 'metadata'];
const TEXT_MOST = 4000;

/** Judges a body as strictly as Slack's incoming webhooks are known to. */
export function judgePayload(body: string): SlackJudgement {
  const payload = objectOf(body);
  if (payload === null || Object.keys(payload).some((name) => !PROPERTIES.includes(name))) {
    return { ok: false, answer: 'invalid_payload' };
  }
  const { text, blocks } = payload;
  if (text !== undefined && (typeof text !== 'string' || text.length > TEXT_MOST)) {
    return { ok: false, answer: 'invalid_payload' };
  }
  if (!text && (blocks === undefined || (Array.isArray(blocks) && blocks.length === 0))) {
    return { ok: false, answer: 'no_text' };
  }
  if (blocks !== undefined && !blocksFollowTheRules(blocks)) return { ok: false, answer: 'invalid_blocks' };
  return { ok: true, payload };
}

function objectOf(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null; // not JSON: invalid_payload, as for every other body that is not an object
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MENTION = /<(?:!(?!date\^)|@)[^<>]*>/g;

/** Every unescaped mention (`<!channel>`, `<!here>`, `<@U…>`, `<!subteam^…>`) in any text of the payload, in order. */
export function mentionsIn(payload: unknown): readonly string[] {
  if (typeof payload === 'string') return payload.match(MENTION) ?? [];
  if (Array.isArray(payload)) return payload.flatMap(mentionsIn);
  return isObject(payload) ? Object.values(payload).flatMap(mentionsIn) : [];
}

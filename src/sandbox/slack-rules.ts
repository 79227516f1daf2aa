import { isJsonObject, type JsonObject, jsonOf } from './json.ts';
import { blocksFollowTheRules } from './slack-blocks.ts';

export type SlackJudgement =
  | { readonly ok: true; readonly payload: JsonObject }
  | { readonly ok: false; readonly answer: 'invalid_payload' | 'no_text' | 'invalid_blocks' };

/** What an app's webhook may carry; channel, username and icon are for legacy hooks and refused. */
const PROPERTIES: readonly string[] = ['text', 'blocks', 'mrkdwn', 'unfurl_links', 'unfurl_media', 'metadata'];
const TEXT_MOST = 4000;

/** Judges a body as strictly as Slack's incoming webhooks are known to. */
export function judgePayload(body: string): SlackJudgement {
  const payload = jsonOf(body);
  if (!isJsonObject(payload) || Object.keys(payload).some((name) => !PROPERTIES.includes(name))) {
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

const MENTION = /<(?:!(?!date\^)|@)[^<>]*>/g;

/** Every unescaped mention (`<!channel>`, `<!here>`, `<@U…>`, `<!subteam^…>`) in any text of the payload, in order. */
export function mentionsIn(payload: unknown): readonly string[] {
  if (typeof payload === 'string') return payload.match(MENTION) ?? [];
  if (Array.isArray(payload)) return payload.flatMap(mentionsIn);
  return isJsonObject(payload) ? Object.values(payload).flatMap(mentionsIn) : [];
}

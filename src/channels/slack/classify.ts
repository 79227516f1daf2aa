import { HOUR_MS, SECOND_MS } from '../../lib/clock.ts';
import type { DeliveryOutcome } from '../channel.ts';
import type { HookAnswer } from './post.ts';

/** What Slack says when the hook itself is the trouble; each of them holds for every message until someone acts. */
const HOOK_WORDS = [
  'invalid_token',
  'action_prohibited',
  'no_service',
  'no_service_id',
  'no_team',
  'team_disabled',
  'channel_not_found',
  'channel_is_archived',
  'posting_to_general_channel_denied',
  'user_not_found',
];
/** What Slack says about the message, or about itself. */
const OTHER_WORDS = ['ok', 'invalid_payload', 'no_text', 'invalid_blocks', 'too_many_attachments', 'rollup_error'];
/** Statuses that speak of the address whatever stands beside them; 3xx belongs here too: a hook never redirects. */
const HOOK_STATUSES = [401, 403, 404, 410];

/** A Retry-After beyond this is taken for a mistake: the lane must come back the same day. */
const LONGEST_PAUSE_MS = HOUR_MS;

/**
 * One answer, or its absence, as an outcome. Sources: the vendor's page on incoming webhooks and its changelog.
 * The body is never repeated in a reason unless it is a word that we know: it may be anybody's text.
 */
export function classify(answer: HookAnswer, now: number): DeliveryOutcome {
  if (answer.kind === 'none') return classifySilence(answer);
  const { status } = answer;
  const word = wordOf(answer.body);
  const said = `Slack answered ${status}${word === null ? '' : ` ${word}`}`;
  if (status >= 200 && status < 300) return classifySuccess(said, word);
  if (status === 429)
    return { outcome: 'retry', reason: `${said}: too many messages`, ...pause(answer.retryAfter, now) };
  if (status >= 500 || status === 408 || word === 'rollup_error') {
    return { outcome: 'retry', reason: `${said}: trouble at Slack`, ...pause(answer.retryAfter, now) };
  }
  if (status < 400) return { outcome: 'down', reason: `${said}: the address redirects, it is not a Slack hook` };
  if (HOOK_STATUSES.includes(status) || (word !== null && HOOK_WORDS.includes(word))) {
    return {
      outcome: 'down',
      reason: `${said}: the hook does not accept messages, make a new one or restore its channel`,
    };
  }
  return { outcome: 'rejected', reason: `${said}: this message is not accepted` };
}

/**
 * Only `ok` is acceptance. Anything else with a 2xx came from a gateway in between or from a Slack that changed: the message may be in the
 * channel, so it is neither told as delivered nor as refused, but repeated under its key.
 */
function classifySuccess(said: string, word: string | null): DeliveryOutcome {
  if (word === 'ok') return { outcome: 'delivered', receipt: 'ok' };
  return { outcome: 'unknown', reason: `${said}, but not "ok": it may or may not have been accepted` };
}

function classifySilence(answer: HookAnswer & { kind: 'none' }): DeliveryOutcome {
  if (!answer.sent) return { outcome: 'retry', reason: `Slack was not reached (${answer.code}), nothing was sent` };
  return { outcome: 'unknown', reason: `no answer from Slack (${answer.code}) after the message was sent` };
}

function wordOf(body: string): string | null {
  const word = body.trim();
  return HOOK_WORDS.includes(word) || OTHER_WORDS.includes(word) ? word : null;
}

/** Retry-After as seconds or as an HTTP date, between one second and an hour; nothing when it is neither. */
function pause(retryAfter: string | null, now: number): { afterMs?: number } {
  if (retryAfter === null) return {};
  const text = retryAfter.trim();
  const ms = /^\d{1,9}$/.test(text)
    ? Number(text) * SECOND_MS
    : /[a-z]/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(ms) ? {} : { afterMs: Math.min(Math.max(ms, SECOND_MS), LONGEST_PAUSE_MS) };
}

/** A probe's empty message is refused by a hook that lives (assumed: 400 `no_text`); any such refusal of the message proves as much. */
export function classifyProbe(answer: HookAnswer, now: number): { ok: true } | { ok: false; reason: string } {
  const outcome = classify(answer, now);
  if (outcome.outcome === 'delivered') return { ok: true };
  if (outcome.outcome === 'rejected' && answer.kind === 'answer' && answer.status === 400) return { ok: true };
  return { ok: false, reason: outcome.reason };
}

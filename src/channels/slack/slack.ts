import type { IncomingWebhookSendArguments } from '@slack/webhook';
import type { SlackChannelConfig } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Message } from '../../model/message.ts';
import type { Channel } from '../channel.ts';
import { classify, classifyProbe } from './classify.ts';
import { createHook } from './post.ts';

/** A message as Slack takes it: `text` always, for notifications and screen readers; no blocks when it must be plain. */
export type SlackPayload = Pick<IncomingWebhookSendArguments, 'text' | 'blocks'> & { readonly text: string };

export interface SlackDeps {
  readonly clock: Clock;
  readonly render: (message: Message) => SlackPayload;
  readonly sendTimeoutMs: number;
}

/** An incoming webhook of Slack's. Throws a sentence without the address when that cannot be one. */
export function createSlackChannel(config: SlackChannelConfig, { clock, render, sendTimeoutMs }: SlackDeps): Channel {
  const hook = createHook(hookAddress(config), sendTimeoutMs);
  return {
    name: config.name,
    lane: `slack:${config.url.fingerprint()}`,
    // What fits into 11,500 characters of blocks with room for the longest lines and ids.
    limits: { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 },
    // Slack counts one a second by arrival; the network may shorten a gap.
    minGapMs: 1_100,
    async deliver(message, signal) {
      const { text, blocks } = render(message);
      const payload = { text, ...(blocks === undefined ? {} : { blocks }), unfurl_links: false, unfurl_media: false };
      return classify(await hook.post(payload, signal), clock.now());
    },
    async probe(signal) {
      return classifyProbe(await hook.post({}, signal), clock.now());
    },
    close: () => hook.close(),
  };
}

function hookAddress({ name, url }: SlackChannelConfig): string {
  const text = url.reveal();
  const parsed = URL.canParse(text) ? new URL(text) : null;
  const safe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (parsed === null || !safe || parsed.username !== '' || parsed.password !== '') {
    throw new Error(
      `channel ${name}: url is not the address of a Slack hook (the value is hidden); it looks like https://hooks.slack.com/services/…`,
    );
  }
  return text;
}

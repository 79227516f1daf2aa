import type { ChannelConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { createSpeaker, type Speaker } from '../messages/speak.ts';
import type { Message } from '../model/message.ts';
import type { Channel } from './channel.ts';
import { createEmailChannel } from './email/email.ts';
import { renderMail } from './email/render.ts';
import { renderSlack } from './slack/render.ts';
import { createSlackChannel } from './slack/slack.ts';

export type ChannelType = ChannelConfig['type'];
type ConfigOf<T extends ChannelType> = Extract<ChannelConfig, { readonly type: T }>;

interface FactoryDeps {
  readonly clock: Clock;
  readonly speaker: Speaker;
  readonly sendTimeoutMs: number;
}

/** Every type of channel: its adapter joined to its renderer. A new one is a folder, its configuration's type and an entry here. */
const CHANNELS: { readonly [T in ChannelType]: (config: ConfigOf<T>, deps: FactoryDeps) => Channel } = {
  slack: (config, { speaker, ...deps }) =>
    createSlackChannel(config, { ...deps, render: (message) => renderSlack(message, speaker, config.mention) }),
  email: (config, { speaker, sendTimeoutMs }) =>
    createEmailChannel(config, { sendTimeoutMs, render: (message) => renderMail(message, speaker) }),
};

/** A server's silence ends a try after this long even where the lane's signal does not. */
const SEND_TIMEOUT_MS = 20_000;

export interface ChannelDeps {
  readonly clock: Clock;
  /** Where a person authorizes. */
  readonly consoleUrl: string;
  /** The service's own page; null where there is none. */
  readonly publicUrl: string | null;
  /** How long a counterpart may be silent, in milliseconds; 20 s unless given. */
  readonly sendTimeoutMs?: number;
}

/** The channel that the configuration describes. Throws a sentence, without secrets, where its address cannot be used. */
export function createChannel(config: ChannelConfig, deps: ChannelDeps): Channel {
  return make(config.type, config, deps);
}

function make<T extends ChannelType>(type: T, config: ConfigOf<T>, deps: ChannelDeps): Channel {
  const { clock, consoleUrl, publicUrl, sendTimeoutMs = SEND_TIMEOUT_MS } = deps;
  const { language, timezone } = config;
  return CHANNELS[type](config, {
    clock,
    sendTimeoutMs,
    speaker: createSpeaker({ language, timezone, consoleUrl, publicUrl }),
  });
}

/** The HTML of a message as the e-mail channel would send it: for previews. */
export function mailHtml(message: Message, speaker: Speaker): string {
  return renderMail(message, speaker).html;
}

import type { Channel } from '../channels/channel.ts';
import { createChannel } from '../channels/registry.ts';
import type { ChannelConfig, Config } from '../config/config.ts';
import { systemClock } from '../lib/clock.ts';
import { createSpeaker } from '../messages/speak.ts';
import { renderTerminal } from '../messages/terminal.ts';
import type { Screen } from './screen.ts';

const COLUMNS_MAX = 100;

/** A channel of the configuration that prints each message as a person would read it, and sends nothing. */
export function printingChannel(settings: ChannelConfig, config: Config, screen: Screen): Channel {
  const { name, type, language, timezone } = settings;
  const { consoleUrl } = config;
  const publicUrl = config.http?.publicUrl ?? null;
  const speaker = createSpeaker({ language, timezone, consoleUrl, publicUrl });
  const columns = Math.min(COLUMNS_MAX, screen.columns);
  return {
    ...createChannel(settings, { clock: systemClock, consoleUrl, publicUrl }),
    minGapMs: 0,
    async deliver(message) {
      const text = renderTerminal(message, speaker, { columns, colour: screen.colour });
      screen.print(`── would be sent to ${name} (${type}) ──\n${text}`);
      return { outcome: 'delivered', receipt: 'printed' };
    },
    probe: async () => ({ ok: true }),
  };
}

import type { Channel } from '../channels/channel.ts';
import { createChannel } from '../channels/registry.ts';
import { SECOND_MS, systemClock } from '../lib/clock.ts';
import { documentOf } from '../messages/document-of.ts';
import { sampleMessages } from '../messages/samples.ts';
import type { Message } from '../model/message.ts';
import { messageKey } from '../store/message-key.ts';
import type { ExitCode } from './exit-code.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { stopSignal } from './stop-signal.ts';
import { unknownName } from './unknown-name.ts';

const SEND_DEADLINE_MS = 20 * SECOND_MS;

/** `send-test`: one sample of each kind of message through a channel, one after another at the channel's pace. */
export async function sendTest(name: string, options: CommonOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { config } = read;
  const settings = config.channels.find((channel) => channel.name === name);
  if (settings === undefined) {
    screen.complain(
      unknownName(
        'channel',
        name,
        config.channels.map((channel) => channel.name),
      ),
    );
    return 2;
  }
  const signal = stopSignal();
  const { consoleUrl, http } = config;
  const channel = createChannel(settings, { clock: systemClock, consoleUrl, publicUrl: http?.publicUrl ?? null });
  const speaker = speakerFor(config, settings.language);
  let failed = 0;
  try {
    for (const [i, message] of samples(systemClock.now()).entries()) {
      if (i > 0) await systemClock.sleep(channel.minGapMs, signal);
      const { ok, says } = await send(channel, message, signal);
      if (!ok) failed += 1;
      screen.print(`${ok ? 'ok    ' : 'FAILED'}  ${documentOf(message, speaker).title}: ${says}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    screen.complain('It was stopped before all samples were sent.');
    return 1;
  } finally {
    await channel.close();
  }
  return failed === 0 ? 0 : 1;
}

function samples(madeAt: number): readonly Message[] {
  return sampleMessages(madeAt).map((facts, i) => {
    const key = messageKey(['sample', madeAt, i, process.pid]);
    return { key, facts, part: 1, parts: 1, plain: false, resume: null };
  });
}

async function send(
  channel: Channel,
  message: Message,
  stop: AbortSignal,
): Promise<{ readonly ok: boolean; readonly says: string }> {
  const outcome = await channel.deliver(message, AbortSignal.any([stop, AbortSignal.timeout(SEND_DEADLINE_MS)]));
  if (outcome.outcome === 'delivered') return { ok: true, says: `delivered (${outcome.receipt})` };
  return { ok: false, says: `${outcome.outcome}, ${outcome.reason}` };
}

import type { Config } from '../config/config.ts';
import { createSpeaker, type Speaker } from '../messages/speak.ts';
import type { Language } from '../model/vocabulary.ts';

/** Who speaks on the terminal: the given language or the configuration's, in the zone of the polls. */
export function speakerFor(config: Config, language: Language = config.language): Speaker {
  const { consoleUrl, poll, http } = config;
  return createSpeaker({ language, timezone: poll.timezone, consoleUrl, publicUrl: http?.publicUrl ?? null });
}

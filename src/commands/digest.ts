import { writeFileSync } from 'node:fs';
import { mailHtml } from '../channels/registry.ts';
import type { Config, DigestConfig } from '../config/config.ts';
import { previewDigest } from '../digest/make-digests.ts';
import { systemClock } from '../lib/clock.ts';
import { createSpeaker, type Speaker } from '../messages/speak.ts';
import { renderTerminal } from '../messages/terminal.ts';
import type { Message } from '../model/message.ts';
import type { Language } from '../model/vocabulary.ts';
import { pollIntervals } from '../watch/poll-intervals.ts';
import { commandLog } from './command-log.ts';
import type { ExitCode } from './exit-code.ts';
import { readConfig } from './read-config.ts';
import type { LanguageOptions, Screen } from './screen.ts';
import { unknownName } from './unknown-name.ts';
import { withStore } from './with-store.ts';

export interface DigestOptions extends LanguageOptions {
  readonly preview?: boolean;
  readonly out?: string;
}

const COLUMNS_MAX = 100;

/** `digest NAME --preview`: what the next digest of that name would say now; nothing is sent and nothing is written but `--out`. */
export async function digest(name: string, options: DigestOptions, screen: Screen): Promise<ExitCode> {
  if (options.preview !== true) {
    screen.complain('A digest is sent by its schedule only; add --preview to see the next one.');
    return 2;
  }
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { config } = read;
  const settings = config.digests.find((each) => each.name === name);
  if (settings === undefined) {
    screen.complain(
      unknownName(
        'digest',
        name,
        config.digests.map((each) => each.name),
      ),
    );
    return 2;
  }
  const message = await nextDigest(config, name, options);
  const speaker = speakerOf(config, settings, options.language);
  if (options.out !== undefined) return writeHtml(options.out, mailHtml(message, speaker), screen);
  const columns = Math.min(COLUMNS_MAX, screen.columns);
  screen.print(renderTerminal(message, speaker, { columns, colour: screen.colour }).trimEnd());
  return 0;
}

async function nextDigest(config: Config, name: string, options: DigestOptions): Promise<Message> {
  const intervalOf = pollIntervals(config);
  const facts = await withStore(config, 'reader', (store) => {
    const unused = { digests: [], wake: () => undefined };
    return previewDigest({ store, clock: systemClock, log: commandLog(options), intervalOf, ...unused }, name);
  });
  return { key: 'preview', facts, part: 1, parts: 1, plain: false, resume: null };
}

/** As its first channel would speak, unless a language is given. */
function speakerOf(config: Config, settings: DigestConfig, language: Language | undefined): Speaker {
  const channel = config.channels.find(({ name }) => name === settings.channels[0]);
  return createSpeaker({
    language: language ?? channel?.language ?? config.language,
    timezone: channel?.timezone ?? settings.timezone,
    consoleUrl: config.consoleUrl,
    publicUrl: config.http?.publicUrl ?? null,
  });
}

function writeHtml(path: string, html: string, screen: Screen): ExitCode {
  try {
    writeFileSync(path, html);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    screen.complain(`The file ${path} cannot be written (${code}); name another one with --out.`);
    return 1;
  }
  screen.print(`The next digest, as it would be mailed, is in ${path}.`);
  return 0;
}

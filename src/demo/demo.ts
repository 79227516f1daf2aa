import { type Clock, SECOND_MS, systemClock } from '../lib/clock.ts';
import { createClosers } from '../lib/closers.ts';
import type { Catalogue } from '../messages/catalogue.ts';
import { createSpeaker } from '../messages/speak.ts';
import type { Language } from '../model/vocabulary.ts';
import { closingWords, missingWords } from './closing-words.ts';
import { DEMO_KINDS, type DemoKind } from './kinds.ts';
import { createNarrator } from './narrator.ts';
import type { ServiceEnd } from './service-process.ts';
import { DIGEST_AFTER_MS, openStage } from './stage.ts';

export interface DemoOptions {
  /** Ends the demo early. */
  readonly signal: AbortSignal;
  /** Takes one or more whole lines, without the last line feed. */
  readonly print: (text: string) => void;
  /** Width of the terminal; may be infinite. */
  readonly columns: number;
  readonly colour: boolean;
  /** Of both channels; null: Slack in English, mail in Chinese. */
  readonly language: Language | null;
  readonly clock?: Clock;
}

const GIVE_UP_AFTER_MS = 75 * SECOND_MS;

/**
 * `demo`: the real service as a process of its own against stand-ins on loopback, told on the terminal as it comes over the wire.
 * Returns the exit code: 0 when each kind of message was seen or the signal ended it, 1 with a sentence when not. Leaves nothing behind but
 * the digest, as a file to open.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { signal, print, language, clock = systemClock } = options;
  const slackLanguage = language ?? 'en';
  const mailLanguage = language ?? 'zh-CN';
  const words = { slackWords: wordsOf(slackLanguage), mailWords: wordsOf(mailLanguage) };
  const { seen, allSeen, onSeen } = watchKinds();
  const narrator = createNarrator({ ...options, ...words, clock, onSeen });
  const closers = createClosers({ clock, timeoutMs: 10 * SECOND_MS });
  try {
    const stage = await openStage({ clock, narrator, slackLanguage, mailLanguage }, closers);
    print(
      `A Tencent Cloud stand-in (${stage.sandbox.url}), a Slack hook and a mail server listen on this machine only.`,
    );
    print(
      `The service polls every 3 s; a digest comes after ${DIGEST_AFTER_MS / SECOND_MS} s. Ctrl-C ends the demo.\n`,
    );
    const begun = clock.monotonic();
    const ending = await firstOf(allSeen, stage.play(), signal, clock);
    await closers.closeAll();
    if (typeof ending === 'object') return endedByItself(ending, print);
    const messages = { slackMessages: stage.hook.accepted.entries.length, mails: stage.mail.messages.entries.length };
    const seconds = Math.round((clock.monotonic() - begun) / SECOND_MS);
    const result = { seen, polls: narrator.polls, ...messages, seconds, digestPath: stage.digestPath() };
    for (const line of closingWords(result)) print(line);
    if (ending !== 'too late') return 0;
    print(`\n${missingWords(seen, GIVE_UP_AFTER_MS / SECOND_MS)}`);
    return 1;
  } finally {
    await closers.closeAll();
  }
}

function watchKinds() {
  const seen = new Set<DemoKind>();
  const { promise: allSeen, resolve } = Promise.withResolvers<void>();
  const onSeen = (kind: DemoKind): void => {
    seen.add(kind);
    if (seen.size === DEMO_KINDS.length) resolve();
  };
  return { seen, allSeen, onSeen };
}

function wordsOf(language: Language): Catalogue {
  return createSpeaker({ language, timezone: 'Asia/Shanghai', consoleUrl: '', publicUrl: null }).words;
}

type Ending = 'shown' | 'stopped' | 'too late' | ServiceEnd;

async function firstOf(allSeen: Promise<void>, failed: Promise<ServiceEnd>, signal: AbortSignal, clock: Clock) {
  const over = new AbortController();
  const wait = clock.sleep(GIVE_UP_AFTER_MS, AbortSignal.any([signal, over.signal])).then(
    (): Ending => 'too late',
    (): Ending => 'stopped',
  );
  try {
    return await Promise.race<Ending>([allSeen.then(() => 'shown' as const), failed, wait]);
  } finally {
    over.abort();
  }
}

function endedByItself({ code, complaint }: ServiceEnd, print: DemoOptions['print']): number {
  print(`The service ended by itself (${code ?? 'killed'})${complaint === '' ? '.' : `: ${complaint}`}`);
  return 1;
}

import type { AccountReading } from '../model/message.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Speaker } from './speak.ts';

const NOTHING_KNOWN: Readonly<Record<Language, string>> = {
  en: 'Whether a task waits is not known.',
  'zh-CN': '是否有待授权任务，目前未知。',
};

/** Why a whole list is empty: silence proves something only where an account was read. */
export function nothingWaits(readings: readonly AccountReading[], { words: { digest }, language }: Speaker): string {
  const known = readings.filter((reading) => reading.known).length;
  if (readings.length === 0) return digest.noAccounts;
  if (known === 0) return NOTHING_KNOWN[language];
  return known === readings.length ? digest.nothing : digest.nothingSeen;
}

/** When an account was last read completely, or that what waits in it is not known. */
export function readingWords(
  { account, lastCompleteAt: at, known }: AccountReading,
  now: number,
  speaker: Speaker,
): string {
  const { digest } = speaker.words;
  const name = speaker.outside(account);
  return known && at !== null
    ? digest.accountRead(name, speaker.time(at), speaker.relative(at, now))
    : digest.accountUnknown(name, at === null ? null : speaker.time(at));
}

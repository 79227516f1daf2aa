import type { EpochMs } from '../lib/clock.ts';
import { type Document, type Fact, nonEmpty, sentences } from '../messages/document.ts';
import { nextStep } from '../messages/next-step.ts';
import type { Speaker } from '../messages/speak.ts';
import { eventSentence, silenceLines } from '../messages/task-news.ts';
import { instanceName, placeName } from '../messages/task-row.ts';
import { deadlineOf } from '../model/deadline.ts';
import { stillWaits } from '../model/still-waits.ts';
import { mayLoseData } from '../model/task.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Change, StoredTask } from '../store/store.ts';
import type { Story } from './explain.ts';
import { silencesPart } from './explain-silences.ts';

const DETAIL_MAX = 500;
const WORDS: Readonly<Record<Language, { firstSeen: string; history: string; unwatched: string; revision: string }>> = {
  en: {
    firstSeen: 'First seen',
    history: 'History',
    unwatched: 'outside the filter of the account now',
    revision: 'Revision',
  },
  'zh-CN': { firstSeen: '首次发现', history: '历史', unwatched: '已不在该账号的筛选范围内', revision: '版本' },
};

/** A task's facts, its history from first to last, and the next step while it waits. */
export function explainDocument(
  { stored, changes, silence, silences }: Story,
  now: EpochMs,
  speaker: Speaker,
): Document {
  const { task } = stored;
  const { words, language } = speaker;
  const waits = stillWaits(stored);
  const risky = waits && mayLoseData(task);
  const history = changes.map((change) => changeLine(change, stored, now, speaker));
  const detail = task.taskDetail === null ? '' : speaker.outside(task.taskDetail, DETAIL_MAX);
  return {
    tone: risky ? 'danger' : 'calm',
    title: words.task.what(instanceName(task, speaker), speaker.typeName(task)),
    summary: '',
    banner: null,
    warning: risky ? words.task.dataLossWarning : null,
    parts: nonEmpty([
      sentences(null, silenceLines(silence, now, speaker)),
      { part: 'facts', facts: factsOf(stored, waits, now, speaker) },
      { part: 'lines', heading: WORDS[language].history, tone: 'calm', lines: history },
      silencesPart(stored, silences, speaker),
      ...(waits ? [nextStep(stored, risky, now, speaker)] : []),
      { ...sentences(words.task.headingVendorSays, detail === '' ? [] : [detail]), quoted: true },
    ]),
    footer: [words.frame.zone(speaker.timezone)],
  };
}

function factsOf(stored: StoredTask, waits: boolean, now: EpochMs, speaker: Speaker): Fact[] {
  const { task, account, firstSeenAt, ending } = stored;
  const { labels, names } = speaker.words;
  const { firstSeen, unwatched, revision } = WORDS[speaker.language];
  const endings = { closed: null, unlisted: names.notListed, unwatched };
  const status = [speaker.statusName(task.taskStatus), ending === null ? null : endings[ending]];
  const facts: readonly (readonly [string, string | null])[] = [
    [labels.task, speaker.outside(task.taskId)],
    [labels.account, speaker.outside(account)],
    [labels.status, status.filter((text) => text !== null).join(' · ')],
    [labels.deadline, waits ? speaker.deadline(deadlineOf(task), now) : null],
    [labels.instance, instanceName(task, speaker)],
    [labels.type, speaker.typeName(task)],
    [labels.product, task.product === null ? null : speaker.productName(task.product)],
    [labels.place, placeName(task, speaker)],
    [labels.lanIp, task.lanIp === null ? null : speaker.outside(task.lanIp)],
    [labels.allows, speaker.authTypeName(task.authType)],
    [labels.created, speaker.time(task.createTime)],
    [firstSeen, speaker.time(firstSeenAt)],
    [revision, String(stored.revision)],
  ];
  return facts.flatMap(([label, value]) =>
    value === null || value === '' ? [] : [{ label, value, strong: label === labels.deadline }],
  );
}

/** "When: old → new", with what was told about it. */
function changeLine({ at, from, to, event }: Change, stored: StoredTask, now: EpochMs, speaker: Speaker): string {
  const { words } = speaker;
  const entry = { account: stored.account, task: stored.task, events: [] };
  const told = event === null || event.event === 'pending' ? null : eventSentence(entry, event, now, speaker);
  const step =
    from === null
      ? `${WORDS[speaker.language].firstSeen}${words.frame.colon}${speaker.statusName(to)}`
      : `${speaker.statusName(from)} → ${speaker.statusName(to)}`;
  const says = [from === to ? null : step, told].filter((text) => text !== null).join(' · ');
  return words.task.happened(speaker.time(at), says);
}

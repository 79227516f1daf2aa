import type { EpochMs } from '../lib/clock.ts';
import type { TaskEntry } from '../model/alert.ts';
import { byListOrder } from '../model/list-order.ts';
import type { AccountReading, DigestFacts, DigestList, LaterStep } from '../model/message.ts';
import { mayLoseData } from '../model/task.ts';
import {
  type DocumentBody,
  type FiguresPart,
  type LinesPart,
  nonEmpty,
  type Part,
  sentences,
  type TaskRow,
  type TasksPart,
  type Tone,
} from './document.ts';
import type { Speaker } from './speak.ts';
import { leftByDefault, startedUnseen } from './task-news.ts';
import { instanceName, taskRow } from './task-row.ts';

const NAMED_ACCOUNTS_MAX = 20;

/** The digest: what is not known, what waits, what is new, what changed, what left and by whom, later steps, when each account was read. */
export function digestDocument(facts: DigestFacts, speaker: Speaker): DocumentBody {
  const unknown = facts.accounts.filter(({ known }) => !known);
  const dataLoss = facts.pending.filter(({ task }) => mayLoseData(task));
  return {
    tone: toneOf(facts, dataLoss.length, unknown.length),
    title: titleOf(facts, dataLoss.length, unknown.length, speaker),
    summary: summaryOf(facts, unknown, speaker),
    warning: dataLoss.length > 0 ? speaker.words.lists.introDataLoss(dataLoss.length) : null,
    parts: nonEmpty([
      sentences(null, introOf(facts, unknown, speaker)),
      figuresPart(facts, dataLoss.length, speaker),
      ...taskLists(facts, dataLoss, speaker),
      ...moreParts(facts, speaker),
      laterPart(facts, speaker),
      accountsPart(facts, speaker),
    ]),
  };
}

/** A 0 is told only where every account was read: without that it is not known to be one. */
function figuresPart(facts: DigestFacts, dataLoss: number, { words: { digest } }: Speaker): FiguresPart {
  const figures = [
    { label: digest.figures.pending, value: countOf('pending', facts), alarming: false },
    { label: digest.figures.dataLoss, value: dataLoss, alarming: dataLoss > 0 },
    { label: digest.figures.fresh, value: countOf('fresh', facts), alarming: false },
    { label: digest.figures.changed, value: countOf('changed', facts), alarming: false },
    { label: digest.figures.left, value: countOf('left', facts), alarming: false },
  ];
  return { part: 'figures', figures: allKnown(facts) ? figures : figures.filter(({ value }) => value > 0) };
}

function countOf(list: DigestList, facts: DigestFacts): number {
  return facts[list].length + (facts.more?.[list] ?? 0);
}

function moreParts({ more }: DigestFacts, speaker: Speaker): Part[] {
  const left = Object.values(more ?? {}).reduce((sum, count) => sum + count, 0);
  return left === 0 ? [] : [sentences(null, [speaker.words.digest.more(left)])];
}

/** True only where every account was read: without that, silence proves nothing. */
function allKnown({ accounts }: DigestFacts): boolean {
  return accounts.length > 0 && accounts.every(({ known }) => known);
}

function toneOf(facts: DigestFacts, dataLoss: number, unknown: number): Tone {
  if (dataLoss > 0) return 'danger';
  if (unknown > 0 || facts.deadMessages > 0 || facts.accounts.length === 0) return 'urgent';
  return facts.pending.length > 0 ? 'notice' : 'good';
}

function titleOf(facts: DigestFacts, dataLoss: number, unknown: number, speaker: Speaker): string {
  const { digest } = speaker.words;
  const name = speaker.outside(facts.name);
  if (facts.pending.length > 0) return digest.titlePending(name, countOf('pending', facts), dataLoss, unknown);
  return allKnown(facts) ? digest.titleNothing(name) : digest.titleUnknown(name, unknown);
}

function summaryOf(facts: DigestFacts, unknown: readonly AccountReading[], speaker: Speaker): string {
  return introOf(facts, unknown, speaker).join(' ');
}

function introOf(facts: DigestFacts, unknown: readonly AccountReading[], speaker: Speaker): string[] {
  const { digest } = speaker.words;
  const from = speaker.time(facts.coversFrom);
  const to = speaker.time(facts.madeAt);
  return [
    ...unknownWords(unknown, speaker),
    ...(facts.accounts.length === 0 ? [digest.noAccounts] : []),
    ...(facts.pending.length === 0 && unknown.length < facts.accounts.length
      ? [allKnown(facts) ? digest.nothing : digest.nothingSeen]
      : []),
    ...(facts.deadMessages > 0 ? [digest.dead(facts.deadMessages)] : []),
    facts.late ? digest.late(speaker.time(facts.scheduledAt), from, to) : digest.covers(from, to),
  ];
}

function unknownWords(unknown: readonly AccountReading[], speaker: Speaker): string[] {
  const { digest, names } = speaker.words;
  const [first, ...others] = unknown;
  if (first === undefined) return [];
  const { account, lastCompleteAt: at } = first;
  if (others.length === 0)
    return [digest.unknownAccount(speaker.outside(account), at === null ? null : speaker.time(at))];
  const named = unknown.slice(0, NAMED_ACCOUNTS_MAX).map((reading) => speaker.outside(reading.account));
  return [digest.unknownAccounts(names.list(unknown.length > named.length ? [...named, '…'] : named))];
}

function taskLists(facts: DigestFacts, dataLoss: readonly TaskEntry[], speaker: Speaker): Part[] {
  const { digest, lists } = speaker.words;
  const rowsOf = (entries: readonly TaskEntry[], told: boolean): TaskRow[] =>
    entries.toSorted(byListOrder(facts.madeAt)).map((entry) => taskRow(entry, facts.madeAt, speaker, told));
  const part = (heading: string, tone: Tone, entries: readonly TaskEntry[], told: boolean) =>
    ({ part: 'tasks', heading, tone, intro: null, rows: rowsOf(entries, told) }) satisfies TasksPart;
  const others = facts.pending.filter(({ task }) => !mayLoseData(task));
  const byDefault = facts.left.filter(leftByDefault);
  const otherLeft = facts.left.filter((entry) => !leftByDefault(entry));
  const unseen = facts.later.filter(startedUnseen).map((step) => unseenRow(step, facts.madeAt, speaker));
  return [
    part(lists.headingDataLoss(dataLoss.length), 'danger', dataLoss, false),
    part(digest.headingPending(others.length + (facts.more?.pending ?? 0)), 'notice', others, false),
    defaultPart([...rowsOf(byDefault, true), ...unseen], speaker),
    part(digest.headingFresh(countOf('fresh', facts)), 'calm', facts.fresh, false),
    part(digest.headingChanged(countOf('changed', facts)), 'calm', facts.changed, true),
    part(digest.headingLeft(otherLeft.length + (facts.more?.left ?? 0)), 'calm', otherLeft, true),
  ];
}

/** What nobody in the team decided. */
function defaultPart(rows: readonly TaskRow[], { words: { digest } }: Speaker): TasksPart {
  const heading = digest.headingByDefault(rows.length);
  return { part: 'tasks', heading, tone: 'urgent', intro: digest.introByDefault, rows };
}

/** A repair that was under way when the task was first seen. */
function unseenRow({ account, task, to, at }: LaterStep, now: EpochMs, speaker: Speaker): TaskRow {
  const row = taskRow({ account, task, events: [] }, now, speaker);
  return { ...row, news: [speaker.words.digest.firstSeenAs(speaker.statusName(to), speaker.time(at))] };
}

function laterPart(facts: DigestFacts, speaker: Speaker): LinesPart {
  const { digest } = speaker.words;
  const seen = facts.later.filter((step) => !startedUnseen(step));
  const lines = seen.map(({ task, from, to, at }) =>
    digest.step(
      `${speaker.outside(task.taskId)} · ${instanceName(task, speaker)}`,
      from === null ? null : speaker.statusName(from),
      speaker.statusName(to),
      speaker.time(at),
    ),
  );
  return { part: 'lines', heading: digest.headingLater(seen.length + (facts.more?.later ?? 0)), tone: 'calm', lines };
}

function accountsPart({ accounts, madeAt }: DigestFacts, speaker: Speaker): LinesPart {
  const { digest } = speaker.words;
  const unknownFirst = [...accounts].sort((a, b) => Number(a.known) - Number(b.known));
  const lines = unknownFirst.map(({ account, lastCompleteAt, known }) => {
    const name = speaker.outside(account);
    if (!known || lastCompleteAt === null)
      return digest.accountUnknown(name, lastCompleteAt === null ? null : speaker.time(lastCompleteAt));
    return digest.accountRead(name, speaker.time(lastCompleteAt), speaker.relative(lastCompleteAt, madeAt));
  });
  return { part: 'lines', heading: digest.headingAccounts(accounts.length), tone: 'calm', lines };
}

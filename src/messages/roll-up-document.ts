import { hasPassed, type TaskEntry } from '../model/alert.ts';
import { byListOrder } from '../model/list-order.ts';
import type { MessageFacts, RollUpGroup, RollUpTotals } from '../model/message.ts';
import { mayLoseData } from '../model/task.ts';
import { type DocumentBody, type GroupRow, nonEmpty, sentences } from './document.ts';
import type { Speaker } from './speak.ts';
import { deadlineShort, taskRow } from './task-row.ts';

type RollUpFacts = Extract<MessageFacts, { kind: 'roll-up' }>;

/** Many alerts as one: data-loss tasks each on its own line, then the other lines, then counts that name their tasks. */
export function rollUpDocument(facts: RollUpFacts, speaker: Speaker): DocumentBody {
  const { madeAt, totals, lines, groups } = facts;
  const { lists } = speaker.words;
  const returned = facts.reason === 'returned';
  const sorted = lines.toSorted(byListOrder(madeAt));
  const rowsOf = (entries: readonly TaskEntry[]) =>
    entries.map((entry) => taskRow(entry, madeAt, speaker, facts.reason !== 'first-run'));
  const rows = rowsOf(sorted.filter((entry) => !returned || !hasPassed(entry)));
  const passed = rowsOf(sorted.filter((entry) => returned && hasPassed(entry)));
  const risky = rows.filter((row) => row.dataLoss);
  const others = rows.filter((row) => !row.dataLoss);
  const atRisk = facts.dataLoss ? totals.dataLoss : risky.length;
  const grouped = groups.reduce((sum, group) => sum + group.count, 0);
  return {
    tone: lines.some(({ task }) => mayLoseData(task)) || facts.dataLoss ? 'danger' : 'notice',
    title: titleOf(facts, speaker),
    summary: totalsOf(totals, speaker),
    warning: atRisk > 0 ? lists.introDataLoss(atRisk) : null,
    parts: nonEmpty([
      sentences(null, [introOf(facts, speaker), totalsOf(totals, speaker)]),
      { part: 'tasks', heading: lists.headingDataLoss(risky.length), tone: 'danger', intro: null, rows: risky },
      { part: 'tasks', heading: lists.headingTasks(others.length), tone: 'notice', intro: null, rows: others },
      { part: 'tasks', heading: lists.headingPassed(passed.length), tone: 'calm', intro: null, rows: passed },
      {
        part: 'groups',
        heading: lists.headingGroups(grouped),
        groups: groups.map((group) => groupRow(group, speaker)),
      },
      sentences(speaker.words.task.headingNextStep, [lists.nextStep]),
    ]),
  };
}

function introOf({ reason, outage }: RollUpFacts, speaker: Speaker): string {
  const { lists } = speaker.words;
  if (outage !== undefined) return lists.introReturned(outage.why, speaker.time(outage.since));
  return reason === 'first-run' ? lists.introFirstRun : lists.introMany;
}

function totalsOf({ tasks, dataLoss, passed }: RollUpTotals, speaker: Speaker): string {
  const { lists } = speaker.words;
  return passed === undefined ? lists.totals(tasks, dataLoss) : lists.totalsReturned(tasks - passed, passed, dataLoss);
}

function titleOf({ dataLoss, reason, totals }: RollUpFacts, speaker: Speaker): string {
  const { lists } = speaker.words;
  const { tasks, passed } = totals;
  if (dataLoss && totals.dataLoss > 0) return lists.titleDataLoss(totals.dataLoss);
  if (passed !== undefined) return lists.titleReturned(tasks - passed, passed, totals.dataLoss);
  return reason === 'first-run'
    ? lists.titleFirstRun(totals.tasks, totals.dataLoss)
    : lists.titleMany(totals.tasks, totals.dataLoss);
}

function groupRow(group: RollUpGroup, speaker: Speaker): GroupRow {
  const where = [speaker.outside(group.account), speaker.typeName(group), speaker.outside(group.zone ?? '')];
  const { lists } = speaker.words;
  const place = where.filter((text) => text !== '').join(' · ');
  const head = lists.group(place, group.event, group.count, deadlineShort(group.earliest, speaker));
  return {
    head: group.also === undefined ? head : head + lists.groupAlso(group.also),
    taskIds: group.taskIds.map((id) => speaker.outside(id)),
    count: Math.max(group.count, group.taskIds.length),
  };
}

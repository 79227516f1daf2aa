import { byListOrder } from '../model/list-order.ts';
import type { MessageFacts, RollUpGroup } from '../model/message.ts';
import { mayLoseData } from '../model/task.ts';
import { type Document, type GroupRow, nonEmpty, sentences } from './document.ts';
import type { Speaker } from './speak.ts';
import { deadlineShort, taskRow } from './task-row.ts';

type RollUpFacts = Extract<MessageFacts, { kind: 'roll-up' }>;

/** Many alerts as one: data-loss tasks each on its own line, then the other lines, then counts that name their tasks. */
export function rollUpDocument(facts: RollUpFacts, speaker: Speaker): Omit<Document, 'banner' | 'footer'> {
  const { madeAt, totals, lines, groups } = facts;
  const { lists } = speaker.words;
  const rows = lines
    .toSorted(byListOrder)
    .map((entry) => taskRow(entry, madeAt, speaker, facts.reason !== 'first-run'));
  const risky = rows.filter((row) => row.dataLoss);
  const others = rows.filter((row) => !row.dataLoss);
  const grouped = groups.reduce((sum, group) => sum + group.count, 0);
  return {
    tone: lines.some(({ task }) => mayLoseData(task)) || facts.dataLoss ? 'danger' : 'notice',
    title: titleOf(facts, speaker),
    summary: lists.totals(totals.tasks, totals.dataLoss),
    warning:
      risky.length > 0 || facts.dataLoss ? lists.introDataLoss(facts.dataLoss ? totals.dataLoss : risky.length) : null,
    parts: nonEmpty([
      sentences(null, [
        facts.reason === 'first-run' ? lists.introFirstRun : lists.introMany,
        lists.totals(totals.tasks, totals.dataLoss),
      ]),
      { part: 'tasks', heading: lists.headingDataLoss(risky.length), tone: 'danger', intro: null, rows: risky },
      { part: 'tasks', heading: lists.headingTasks(others.length), tone: 'notice', intro: null, rows: others },
      {
        part: 'groups',
        heading: lists.headingGroups(grouped),
        groups: groups.map((group) => groupRow(group, speaker)),
      },
      sentences(speaker.words.task.headingNextStep, [lists.nextStep]),
    ]),
  };
}

function titleOf({ dataLoss, reason, totals }: RollUpFacts, speaker: Speaker): string {
  const { lists } = speaker.words;
  if (dataLoss) return lists.titleDataLoss(totals.dataLoss);
  return reason === 'first-run'
    ? lists.titleFirstRun(totals.tasks, totals.dataLoss)
    : lists.titleMany(totals.tasks, totals.dataLoss);
}

function groupRow(group: RollUpGroup, speaker: Speaker): GroupRow {
  const where = [speaker.outside(group.account), speaker.typeName(group), speaker.outside(group.zone ?? '')];
  return {
    head: speaker.words.lists.group(
      where.filter((text) => text !== '').join(' · '),
      group.event,
      group.count,
      deadlineShort(group.earliest, speaker),
    ),
    taskIds: group.taskIds.map((id) => speaker.outside(id)),
    count: Math.max(group.count, group.taskIds.length),
  };
}

import type { GroupRow, Part, TaskRow } from '../../messages/document.ts';
import type { Speaker } from '../../messages/speak.ts';
import type { LineList, ListLine } from './fit-lists.ts';
import { cutForSlack } from './slack-text.ts';

const IDS_PER_LINE = 20;
const RISK = '⚠️ ';
const BULLET = '• ';

export type ListPart = Extract<Part, { part: 'tasks' | 'groups' | 'lines' }>;

export function isList(part: Part): part is ListPart {
  return part.part === 'tasks' || part.part === 'groups' || part.part === 'lines';
}

/** Lists as lines that can be fitted; a data-loss task must stay in the first list that names it. */
export function lineLists(parts: readonly ListPart[], speaker: Speaker): LineList[] {
  const { lists } = speaker.words;
  const named = new Set<string>();
  return parts.map((part) => {
    if (part.part === 'lines') return { lines: part.lines.map(sentenceLine), more: lists.more };
    if (part.part === 'groups')
      return { lines: part.groups.flatMap((g) => groupLines(g, speaker)), more: lists.moreByCommand };
    const lines = part.rows.map((row) => taskLine(row, row.dataLoss && !named.has(row.key)));
    for (const { key } of part.rows) named.add(key);
    return { lines, more: lists.moreByCommand };
  });
}

/** Id, instance and deadline are in every form; each piece is cut by itself so that none can push another out. */
function taskLine(row: TaskRow, must: boolean): ListLine {
  const mark = row.dataLoss ? RISK : BULLET;
  const join = (...texts: readonly (string | null)[]): string =>
    texts.filter((text) => text !== null && text !== '').join(' · ');
  const id = cutForSlack(row.taskId, 80);
  const when = row.deadline === null ? null : cutForSlack(row.deadline, 160);
  const newest = cutForSlack(row.news[0] ?? '', 160);
  const held = row.held === null || when === null ? null : cutForSlack(row.held, 100);
  const full = [
    mark + join(id, cutForSlack(row.instance, 200), when),
    `   ${join(cutForSlack(row.type, 120), cutForSlack(row.where, 160), cutForSlack(row.allows, 120))}`,
    ...row.news.map((news) => `   ${cutForSlack(news, 300)}`),
  ];
  const compact = join(id, cutForSlack(row.instance, 160), when ?? newest, held);
  const minimal = join(cutForSlack(row.taskId, 70), cutForSlack(row.instanceId, 70), row.deadlineShort);
  return { forms: [full.join('\n'), mark + compact, mark + minimal], must, weight: 1 };
}

/** The head, then the ids on lines of their own, then how many are not named here. */
function groupLines({ head, taskIds, count }: GroupRow, speaker: Speaker): ListLine[] {
  const same = (text: string, weight: number): ListLine => ({ forms: [text, text, text], must: false, weight });
  const lines = [same(BULLET + cutForSlack(head, 500), 0)];
  for (let at = 0; at < taskIds.length; at += IDS_PER_LINE) {
    const ids = taskIds.slice(at, at + IDS_PER_LINE);
    lines.push(same(ids.map((id) => cutForSlack(id, 80)).join(' '), ids.length));
  }
  const hidden = count - taskIds.length;
  return hidden > 0 ? [...lines, same(speaker.words.lists.moreByCommand(hidden), hidden)] : lines;
}

function sentenceLine(text: string): ListLine {
  const cut = (max: number): string => BULLET + cutForSlack(text, max);
  return { forms: [cut(700), cut(400), cut(200)], must: false, weight: 1 };
}

import { LAG_MS, type Silenced } from './expected.ts';
import type { MadeMention } from './heard.ts';
import type { Due } from './histories.ts';
import type { ApiRequest } from './journal.ts';

/** A sentence for each message that was certainly made while a silence held that covers what it tells of the task. */
export function silenceBroken(
  taskId: string,
  mentions: readonly MadeMention[],
  { acks, mutes }: Silenced,
  due: readonly Due[],
  requests: readonly ApiRequest[],
): readonly string[] {
  return mentions.flatMap((mention) => {
    const { key, shows, at, madeAfter } = mention;
    const muted = mutes.some(({ from, to, over }) => {
      const holds = to < madeAfter && at < over.earliest;
      return holds && !changesDanger(taskId, from - LAG_MS, at, requests);
    });
    const acked = acks.some(({ from, to }) => {
      const moves = due.some(({ earliest, latest }) => latest + LAG_MS >= from && earliest <= at);
      return to < madeAfter && !moves;
    });
    if (muted) return [`${key} tells of ${taskId}, which was muted when it was made`];
    return acked && shows.includes('reminder') ? [`${key} reminds of ${taskId}, which was acknowledged`] : [];
  });
}

/** A mute by id covers the danger that the task had; one that becomes more dangerous is told. */
function changesDanger(taskId: string, from: number, to: number, requests: readonly ApiRequest[]): boolean {
  const shown = new Set<unknown>();
  let before: unknown;
  for (const { answer } of requests) {
    const row = answer !== null && answer.at <= to ? answer.rows.find((each) => each.TaskId === taskId) : undefined;
    if (row === undefined || answer === null) continue;
    if (answer.at < from) before = row.AuthType;
    else shown.add(row.AuthType);
  }
  return new Set([...shown, ...(before === undefined ? [] : [before])]).size > 1;
}

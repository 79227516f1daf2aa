import { CHANNELS, type Journal } from './journal.ts';

const BEFORE_MS = 3_000;

/** What the counterparts saw of one task, a line each in order of time: for whoever must find out what went wrong with it. */
export function storyOf(taskId: string, { requests, arrivals, kills, acks, mutes }: Journal): readonly string[] {
  const lines: { readonly at: number; readonly text: string }[] = [];
  for (const { life, set, taskIds, answer } of requests) {
    if (answer === null) continue;
    const row = answer.rows.find(({ TaskId }) => TaskId === taskId);
    const asked = taskIds.includes(taskId);
    if (row === undefined && !asked) continue;
    const shown =
      row === undefined
        ? 'not listed'
        : `in status ${row.TaskStatus}, AuthType ${row.AuthType}, AuthTime ${row.AuthTime}`;
    lines.push({
      at: answer.at,
      text: `process ${life} was shown by ${set}${answer.spoiled ? ' (spoiled)' : ''}: ${shown}`,
    });
  }
  for (const channel of CHANNELS) {
    for (const { at, life, key, title, text } of arrivals.filter((arrival) => arrival.channel === channel))
      if (text.includes(taskId)) lines.push({ at, text: `process ${life} told ${channel}: ${key} ${title}` });
  }
  for (const { to } of acks.filter((ack) => ack.taskId === taskId)) lines.push({ at: to, text: 'acknowledged' });
  for (const { to, over } of mutes.filter((mute) => mute.taskId === taskId))
    lines.push({ at: to, text: `muted until ${new Date(over.latest).toISOString()}` });
  for (const { at, life, classes } of kills)
    lines.push({ at, text: `process ${life} was killed: ${classes.join(' and ')}` });
  return lines
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => `${new Date(at).toISOString()} ${text}`)
    .filter((line, place, all) => line.slice(24) !== all[place - 1]?.slice(24));
}

/** What went through the lane of a message from a little before its first try to its last arrival, a line each. */
export function storyOfMessage(key: string, { arrivals, tries, kills, requeued }: Journal): readonly string[] {
  const own = tries.filter((each) => each.key === key);
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return [];
  const isNear = ({ at }: { readonly at: number }): boolean => at >= first.at - BEFORE_MS && at <= last.at + 1;
  const taken = new Set(arrivals.map((arrival) => `${arrival.channel} ${arrival.key} ${arrival.at}`));
  const lines = [
    ...tries
      .filter((each) => each.channel === first.channel && isNear(each))
      .map((each) => {
        const outcome = taken.has(`${each.channel} ${each.key} ${each.at}`) ? 'taken over' : 'not taken over';
        return {
          at: each.at,
          text: `${each.key} ${outcome}${requeued.has(each.key) ? ' (sent again by a person)' : ''}`,
        };
      }),
    ...kills.filter(isNear).map(({ at, life, sending }) => ({
      at,
      text: `process ${life} was killed, sending ${sending.join(' ') || 'nothing'}`,
    })),
  ];
  return lines.toSorted((a, b) => a.at - b.at).map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
}

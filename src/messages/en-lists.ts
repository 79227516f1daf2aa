import type { TaskEventName } from '../model/alert.ts';
import type { ListWords } from './catalogue.ts';
import { count } from './plural.ts';

const tasks = (n: number): string => count(n, 'repair task', 'repair tasks');
const risk = (n: number): string => (n === 0 ? '' : `, ${n} may lose data`);

const groupEvents: Readonly<Record<TaskEventName, (n: number) => string>> = {
  pending: (n) => `${n} pending`,
  changed: (n) => `${n} changed`,
  left: (n) => `${n} no longer pending`,
  reminder: (n) => count(n, 'reminder', 'reminders'),
};

export const enLists = {
  titleFirstRun: (n, dataLoss) => `${tasks(n)} ${n === 1 ? 'was' : 'were'} already pending${risk(dataLoss)}`,
  titleMany: (n, dataLoss) => `News of ${tasks(n)}${risk(dataLoss)}`,
  titleDataLoss: (n) => `Data loss possible: ${tasks(n)}`,
  titleReturned: (waiting, passed, dataLoss) =>
    waiting === 0
      ? `After an interruption: ${tasks(passed)}, none pending any more`
      : passed === 0
        ? `After an interruption: ${tasks(waiting)} pending${risk(dataLoss)}`
        : `After an interruption: ${tasks(waiting + passed)}, ${waiting} of them pending${risk(dataLoss)}`,
  introFirstRun:
    'They were already pending when repairwatch first looked at the account; from now on each new one is told by itself.',
  introMany: 'So much happened at once that it is told together.',
  introReturned: (why, since) =>
    `${why === 'down' ? `This channel has taken no messages since ${since}.` : `repairwatch has not run since ${since}, or its store was restored from a backup of that time.`} Here is how things stand now; tasks that were told before and have not changed since are not repeated.`,
  introDataLoss: (n) =>
    n === 1
      ? 'This repair may erase the local disks of its instance. Back up the data before you authorize it.'
      : 'These repairs may erase the local disks of their instances. Back up the data before you authorize any of them.',
  totals: (n, dataLoss) => `${tasks(n)} in all; ${dataLoss === 0 ? 'none' : dataLoss} may lose data.`,
  totalsReturned: (waiting, passed, dataLoss) =>
    `${tasks(waiting)} ${waiting === 1 ? 'is' : 'are'} pending now${risk(dataLoss)}${passed === 0 ? '' : `; ${passed} more ${passed === 1 ? 'is' : 'are'} no longer pending`}.`,
  headingPassed: (n) => `No longer pending: ${count(n, 'task', 'tasks')}`,
  headingDataLoss: (n) => `Local disks may be erased: ${count(n, 'task', 'tasks')}`,
  headingTasks: (n) => count(n, 'task', 'tasks'),
  headingGroups: (n) => `${count(n, 'task', 'tasks')} by account, type and zone`,
  group: (where, event, n, earliest) => `${where}: ${groupEvents[event](n)}, earliest deadline ${earliest}`,
  groupAlso: (events) => `; of these also ${events.map(([event, n]) => groupEvents[event](n)).join(', ')}`,
  more: (n) => `and ${n} more`,
  moreByCommand: (n) => `and ${n} more: "repairwatch list" shows them all`,
  moreAttached: (n) => `and ${n} more: all of them are in the attached CSV`,
  nextStep: 'Authorize them in the console; "repairwatch explain TASK-ID" prints the command for a task.',
  tag: 'may lose data',
  certainty: { stated: 'stated', estimated: 'estimated: creation + 48 h', none: 'not known' },
} satisfies ListWords;

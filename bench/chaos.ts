import { parseArgs } from 'node:util';
import type { Outcome } from './chaos/outcome.ts';
import { replicaReport } from './chaos/replicas/replica-report.ts';
import { runReplicas } from './chaos/replicas/run-replicas.ts';
import { isSound, reportOf, storiesOf } from './chaos/report.ts';
import { runChaos } from './chaos/run-chaos.ts';

/**
 * The built program's life in fast motion: tasks are born, move, vanish, pass the rungs of their ladders and come in storms; people acknowledge, mute
 * and have dead messages sent again; the API, Slack and the mail server fail in every way that the stand-ins know, hooks that are gone and logins
 * that are refused included; the process is killed at random moments and at moments that the stand-ins choose, and started again.
 * Usage: npm run chaos -- [--minutes 10] [--until-classes 20] [--seed 1]. Exits with 1 where a promise did not hold.
 * With --replicas 3 [--accounts 200] [--seconds 300] [--seed 1] [--logs FOLDER] so many processes at a time on one PostgreSQL server
 * (chaos/replicas/run-replicas.ts), each of whose logs is kept in the folder.
 *
 * What may be demanded. What begins and ends between two polls cannot be seen, so the world's history proves nothing by itself. The oracle
 * goes by the answers that the stand-in gave: from them it follows, task by task, what the program must know and owes to each channel
 * (chaos/oracle.ts). An answer to a process that dies before it asks for something else may or may not have been committed; then both
 * courses are kept, and the messages must fit one of them exactly: nothing that is due untold, nothing told that is not due, in order.
 * That is stricter than demanding only what stayed as it was for several polls, and as sound: nothing is taken from the program's store.
 * The store is read, after each kill, only to name the moment of the kill and to know which messages were on their way.
 *
 * Reminders and silences (chaos/expected.ts). When a tick comes and when a lane is free nobody outside knows, so most reminders may be told or not, but
 * never twice, before their rung, out of order, beside the news that the task has left, or after somebody took it on. Certain are those of tasks that
 * wait until all is calm and whose rung is then still the last one. What a mute may have held back need not be told, but a task that waits when all
 * mutes are over must have been told of since its last news (chaos/verdict.ts), and nothing is made while a mute certainly holds (chaos/silence-broken.ts).
 *
 * What it cannot see: alerts that a killed poll held and that no start releases. The end of the next poll, whole or not, releases them, so in a life
 * that goes on they are only late by one poll. They would be lost where the account is taken out of the configuration in between, for then
 * no poll of it follows; `test/contract/store-polls.ts` holds that the start releases them. A task without a known deadline is reminded of after a
 * day: `test/acceptance/reminders.test.ts` has that.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'until-classes': { type: 'string', default: '20' },
    replicas: { type: 'string', default: '0' },
    accounts: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    logs: { type: 'string' },
  },
});
const seed = numberOf('seed');
const print = console.log;
const [minutes, untilClasses] = [numberOf('minutes'), numberOf('until-classes')];
const [replicas, accounts, seconds] = [numberOf('replicas'), numberOf('accounts'), numberOf('seconds')];
if (replicas > 0) {
  const logs = values.logs === undefined ? {} : { logs: values.logs };
  const result = await runReplicas({ replicas, accounts, seconds, seed, print, ...logs });
  conclude(result, replicaReport(result));
} else {
  const result = await runChaos({ minutes, untilClasses, seed, print });
  conclude(result, reportOf(result));
}

function conclude(result: Outcome, report: readonly string[]): void {
  for (const line of [...report, ...storiesOf(result)]) print(line);
  process.exitCode = isSound(result) ? 0 : 1;
}

function numberOf(name: Exclude<keyof typeof values, 'logs'>): number {
  const number = Number(values[name]);
  if (!(number >= 0)) throw new Error(`--${name} is ${values[name]}; it must be a number`);
  return number;
}

import { parseArgs } from 'node:util';
import { isSound, reportOf, storiesOf } from './chaos/report.ts';
import { runChaos } from './chaos/run-chaos.ts';

/**
 * The built program's life in fast motion: tasks are born, move, vanish and come in storms; the API, Slack and the mail server fail in every way that
 * the stand-ins know; the process is killed at random moments and at moments that the stand-ins choose, and started again.
 * Usage: npm run chaos -- [--minutes 10] [--until-classes 20] [--seed 1]. Exits with 1 where a promise did not hold.
 *
 * What may be demanded. What begins and ends between two polls cannot be seen, so the world's history proves nothing by itself. The oracle
 * goes by the answers that the stand-in gave: from them it follows, task by task, what the program must know and owes to each channel
 * (chaos/oracle.ts). An answer to a process that dies before it asks for something else may or may not have been committed; then both
 * courses are kept, and the messages must fit one of them exactly: nothing that is due untold, nothing told that is not due, in order.
 * That is stricter than demanding only what stayed as it was for several polls, and as sound: nothing is taken from the program's store.
 * The store is read, after each kill, only to name the moment of the kill and to know which messages were on their way.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'until-classes': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [minutes, untilClasses, seed] = [values.minutes, values['until-classes'], values.seed].map(Number);
if (minutes === undefined || untilClasses === undefined || seed === undefined || !(minutes + untilClasses + seed >= 0))
  throw new Error('--minutes, --until-classes and --seed are numbers');
const result = await runChaos({ minutes, untilClasses, seed, print: console.log });
for (const line of [...reportOf(result), ...storiesOf(result)]) console.log(line);
process.exitCode = isSound(result) ? 0 : 1;

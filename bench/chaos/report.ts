import { TOLD_KINDS } from './expected.ts';
import { CHANNELS, type Journal, KILL_CLASSES } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { ChaosResult } from './run-chaos.ts';
import { storyOf, storyOfMessage } from './story.ts';
import type { Verdict } from './verdict.ts';

const LISTED_AT_MOST = 20;

/** True where every promise held. */
export function isSound(result: Outcome): boolean {
  return wrongOf(result).length === 0;
}

/** The table of a run, a line each, with what is wrong at its end. */
export function reportOf(result: ChaosResult): readonly string[] {
  const { verdict, hits, seed, tookMs, journal } = result;
  const { repeats } = verdict;
  return [
    `seed ${seed}, ${Math.round(tookMs / 1000)} s, ${verdict.tasks} tasks, ${verdict.digests} digests; ${machineOf(journal)}`,
    `life: ${listOf(result.life)}`,
    `faults set: ${listOf(result.trouble)}`,
    `commands given: ${listOf(result.commands)}; dead messages sent again: ${journal.requeued.size}`,
    `kills: ${result.kills}, of them`,
    ...KILL_CLASSES.map((name) => `  ${name.padEnd(24)} ${pad(hits.get(name) ?? 0)}`),
    ...toldTable(verdict),
    `reminders that were certain${pad(verdict.certainReminders)}`,
    `misses                     ${pad(verdict.misses.length)}`,
    `told twice or undue        ${pad(verdict.surplus.length)}`,
    `repeats after a kill       ${pad(repeats.counts.killed)}`,
    `repeats after a lost answer${pad(repeats.counts['lost answer'])}`,
    `repeats unexplained        ${pad(repeats.unexplained.length)}`,
    `repeats changed or overtaken${pad(repeats.wrong.length)}`,
    ...wrongOf(result),
  ];
}

/** How slow the machine was at its slowest. */
export function machineOf({ slowness }: Pick<Journal, 'slowness'>): string {
  return slowness === 1 ? 'a machine of its own' : `a machine ${slowness.toFixed(1)} times too busy`;
}

/** How often each kind was told on each channel. */
export function toldTable({ told, messages }: Verdict): readonly string[] {
  return [
    `told (by itself + with something later)${TOLD_KINDS.map((kind) => kind.padStart(14)).join('')}`,
    ...CHANNELS.map((channel) => {
      const cells = TOLD_KINDS.map((kind) => {
        const { alone, folded } = told[channel][kind];
        return `${alone} + ${folded}`.padStart(14);
      });
      return `  ${`${channel}, ${messages[channel]} messages`.padEnd(36)} ${cells.join('')}`;
    }),
  ];
}

/** What is wrong, in sentences. */
export function wrongOf({ verdict, problems }: Outcome): readonly string[] {
  const { misses, surplus, repeats } = verdict;
  const all = [...problems, ...misses, ...surplus, ...repeats.unexplained, ...repeats.wrong];
  const more = all.length > LISTED_AT_MOST ? [`! and ${all.length - LISTED_AT_MOST} more`] : [];
  return [...all.slice(0, LISTED_AT_MOST).map((sentence) => `! ${sentence}`), ...more];
}

/** The stories of the tasks and messages that are named in what is wrong. */
export function storiesOf(result: Outcome): readonly string[] {
  const wrong = wrongOf(result).join(' ');
  const tasks = [...new Set(wrong.match(/rep-[0-9a-z]+/g))];
  const messages = [...new Set(wrong.match(/rw-[0-9a-z]+/g))];
  return [
    ...tasks.flatMap((taskId) => ['', taskId, ...storyOf(taskId, result.journal)]),
    ...messages.flatMap((key) => ['', key, ...storyOfMessage(key, result.journal)]),
  ];
}

/** Names with their counts, in order of the names. */
export function listOf(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function pad(count: number): string {
  return String(count).padStart(6);
}

import { SECOND_MS } from '../../../src/lib/clock.ts';
import { CHANNELS } from '../journal.ts';
import { REPEAT_REASONS } from '../repeats.ts';
import { listOf, machineOf, toldTable, wrongOf } from '../report.ts';
import type { ReplicaResult } from './run-replicas.ts';

const KEYS_SHOWN = 5;

/** The table of a run with replicas, a line each, with what is wrong at its end. */
export function replicaReport(result: ReplicaResult): readonly string[] {
  const { verdict, handovers, said, journal, busiest } = result;
  const { repeats, messages } = verdict;
  const count = (name: string, value: number | string) => `${name.padEnd(44)} ${String(value).padStart(8)}`;
  const kinds = (wanted: readonly string[]) => journal.upsets.filter(({ kind }) => wanted.includes(kind)).length;
  const { shortestQuietMs: quiet, shortestWaitMs: wait } = handovers;
  return [
    `seed ${result.seed}, ${Math.round(result.tookMs / SECOND_MS)} s, ${verdict.tasks} tasks, ${verdict.digests} digests; ${machineOf(journal)}`,
    `life: ${listOf(result.life)}`,
    `faults set: ${listOf(result.trouble)}`,
    `upsets: ${listOf(result.upsets)}`,
    count('kills', kinds(['kill'])),
    count('clean stops', kinds(['stop'])),
    count('freezes', kinds(['freeze'])),
    count('partitions', kinds(['cut', 'hold'])),
    count('hand-overs', handovers.count),
    ...[...handovers.longestTakenMs].map(([kind, ms]) => count(`a killed replica's ${kind}: longest, s`, seconds(ms))),
    count('shortest quiet before a new owner asks, ms', Number.isFinite(quiet) ? quiet : '-'),
    count('shortest wait of a new owner, ms', Number.isFinite(wait) ? wait : '-'),
    count('requests of thawed replicas', handovers.strays),
    count('requests to the API', journal.requests.length),
    count('whole polls', said.wholePolls.length),
    ...CHANNELS.map((channel) => count(`messages on ${channel}`, messages[channel])),
    ...toldTable(verdict),
    count('reminders that were certain', verdict.certainReminders),
    count('misses', verdict.misses.length),
    count('told twice or undue', verdict.surplus.length),
    ...REPEAT_REASONS.map((reason) => count(`repeats: ${reason}`, repeats.counts[reason])),
    count('repeats unexplained', repeats.unexplained.length),
    count('repeats changed or overtaken', repeats.wrong.length),
    ...busiest.slice(0, KEYS_SHOWN).map(([key, most]) => count(`busiest second of ${key}`, most)),
    ...[...result.recovered].map(([what, ms]) => count(`after the last upset: ${what}, s`, seconds(ms))),
    ...wrongOf(result),
  ];
}

function seconds(ms: number): string {
  return (ms / SECOND_MS).toFixed(1);
}

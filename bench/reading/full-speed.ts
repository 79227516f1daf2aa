import { type ConfigFile, writeConfigFile } from '../../test/support/config-file.ts';
import { startProgram } from '../../test/support/program.ts';
import { measureOfficial, measureOurs, type StandIn, startStandIn } from './children.ts';
import type { Measured } from './measured.ts';
import { sampleResident } from './resident.ts';
import { median, quantile } from './statistics.ts';
import { measureSync } from './sync.ts';
import { atLeast, atMost, mb, ms, noted, perSecond, type Result } from './table.ts';

const PAGE = 100;
/** Nobody listens there: nothing is pending, so nothing is told. */
const NOBODY = { url: 'http://127.0.0.1:9/' };

interface Speed {
  readonly pagesPerSecond: number;
  readonly cpuMsPerPage: number;
}

/** Both read the same tasks as fast as they can, one after the other, several times; the medians count. */
export async function measureFullSpeed(tasks: number, rounds: number): Promise<readonly Result[]> {
  const standIn = await startStandIn({ closed: tasks, pending: 0, latencyMs: 0, requestsPerSecond: null });
  const ours: Speed[] = [];
  const official: Speed[] = [];
  const syncMs: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      await withFile(standIn, async (file) => {
        ours.push(await speedOf(standIn, measureOurs(file)));
        official.push(await speedOf(standIn, measureOfficial(standIn, file.directory, Number.POSITIVE_INFINITY)));
        syncMs.push(measureSync(file.directory));
      });
    }
  } finally {
    standIn.close();
  }
  const middle = (speeds: readonly Speed[], of: keyof Speed): number => median(speeds.map((speed) => speed[of]));
  const name = `${tasks} on loopback without a limit`;
  const [pages, cpu] = ['pagesPerSecond', 'cpuMsPerPage'] as const;
  return [
    atLeast(`${name}: pages`, 400, middle(ours, pages), perSecond, middle(official, pages)),
    atMost('… processor time a page; ours is stored by then', 2.5, middle(ours, cpu), ms, middle(official, cpu)),
    noted('… a durable write on this disk: pages that come together share one', ms(median(syncMs))),
  ];
}

async function speedOf(standIn: StandIn, measured: Promise<Measured>): Promise<Speed> {
  const { tookMs, cpuMs } = await measured;
  const { requests } = await standIn.report();
  return { pagesPerSecond: (requests * 1000) / tookMs, cpuMsPerPage: cpuMs / requests };
}

/** Memory over a long backfill without a limit, beside the official SDK over a part of it. */
export async function measureMillion(tasks: number, officialTasks: number): Promise<readonly Result[]> {
  const standIn = await startStandIn({ closed: tasks, pending: 0, latencyMs: 0, requestsPerSecond: null });
  try {
    return await withFile(standIn, async (file) => {
      const { rssMb } = await measureOurs(file);
      const official = await measureOfficial(standIn, file.directory, Math.ceil(officialTasks / PAGE));
      const theirs = `${mb(Math.max(...official.rssMb))} for ${officialTasks}`;
      return memoryResults(`backfill of ${tasks} without a limit: memory`, 150, rssMb, theirs);
    });
  } finally {
    standIn.close();
  }
}

/** The same by the built program's `once` at the default pace: 10,000 pages take nine minutes. */
export async function measureMillionPaced(tasks: number): Promise<readonly Result[]> {
  const standIn = await startStandIn({ closed: tasks, pending: 0, latencyMs: 0, requestsPerSecond: 20 });
  try {
    return await withFile(standIn, async (file) => {
      const program = startProgram(['once', '--config', file.path]);
      const resident = sampleResident(program.pid);
      const { code, stderr } = await program.exited;
      if (code !== 0) throw new Error(`the reading was not complete: ${stderr}`);
      return memoryResults(`backfill of ${tasks} at 18/s: memory`, 128, resident.stop(), '');
    });
  } finally {
    standIn.close();
  }
}

/** Flat: the second half took no more than the first, apart from the noise of a collector. */
function memoryResults(what: string, limit: number, rssMb: readonly number[], official: string): readonly Result[] {
  const half = Math.floor(rssMb.length / 2);
  const parts = [rssMb.slice(0, half), rssMb.slice(half)].map((part) => mb(quantile(part, 1)));
  return [
    atMost(what, limit, Math.max(...rssMb), mb, official),
    { ...noted('… greatest in the first half → in the second', parts.join(' → ')), goal: 'flat' },
  ];
}

async function withFile<T>(standIn: StandIn, work: (file: ConfigFile) => Promise<T>): Promise<T> {
  const file = writeConfigFile({ sandbox: standIn, hook: NOBODY }, { digests: [] });
  try {
    return await work(file);
  } finally {
    file.remove();
  }
}

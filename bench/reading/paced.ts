import { SECOND_MS } from '../../src/lib/clock.ts';
import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { writeConfigFile } from '../../test/support/config-file.ts';
import { startProgram } from '../../test/support/program.ts';
import { measureOfficial, startStandIn } from './children.ts';
import { sampleResident } from './resident.ts';
import type { StandInReport } from './stand-in.ts';
import { atLeast, atMost, count, mb, ms, noted, perSecond, type Result } from './table.ts';

export interface PacedOptions {
  readonly tasks: number;
  readonly latencyMs: number;
  /** For the official SDK, whose loop needs no more to show its pace. */
  readonly officialPages: number;
}

const PACE = 18;
const PAGE = 100;
const PENDING = 50;
const POLL_EVERY_S = 5;

/** The backfill at the default pace by the built program as a service, which polls meanwhile. */
export async function measurePaced(options: PacedOptions): Promise<readonly Result[]> {
  const { latencyMs } = options;
  const standIn = await startStandIn({ closed: options.tasks, pending: PENDING, latencyMs, requestsPerSecond: 20 });
  const hook = await startSlackHook();
  const poll = { schedule: `*/${POLL_EVERY_S} * * * * *`, requestsPerSecond: PACE };
  const file = writeConfigFile({ sandbox: standIn, hook }, { digests: [], poll });
  const program = startProgram(['run', '--config', file.path]);
  try {
    const resident = sampleResident(program.pid);
    const { complete } = await program.waitForLog('backfill-finished');
    if (complete !== true) throw new Error('the backfill was not complete, so its numbers mean nothing');
    const rssMb = resident.stop();
    const ours = await standIn.report();
    program.kill();
    await program.exited;
    await measureOfficial(standIn, file.directory, options.officialPages);
    return resultsOf(options, rssMb, ours, await standIn.report());
  } finally {
    program.kill('SIGKILL');
    await hook.close();
    standIn.close();
    file.remove();
  }
}

function resultsOf(
  { tasks, latencyMs }: PacedOptions,
  rssMb: readonly number[],
  ours: StandInReport,
  official: StandInReport,
): readonly Result[] {
  const fewest = Math.ceil((tasks + PENDING) / PAGE);
  const most = Math.floor(1.05 * fewest) + ours.ranges;
  const waits = ours.liveAt.map((at) => at % (POLL_EVERY_S * SECOND_MS));
  const under = `backfill of ${tasks}, answers after ${latencyMs} ms`;
  const share = ours.perSecond / PACE;
  return [
    {
      ...atLeast(`${under}: starts`, 0.97 * PACE, ours.perSecond, perSecond, official.perSecond),
      goal: `≥ 97 % of ${PACE}/s`,
      ours: `${perSecond(ours.perSecond)} (${(100 * share).toFixed(1)} %)`,
    },
    { ...atMost('… throttled requests', 0, ours.throttled, count, official.throttled), goal: '0' },
    atMost('… arrivals in the busiest sliding second', 20, ours.mostInASecond, count),
    atMost(`… its requests (${ours.ranges} ranges)`, most, ours.backfillRequests, count, `one a page: ${fewest}`),
    atMost('… memory', 128, Math.max(...rssMb), mb),
    noted(
      `… longest wait of a poll's first request (${waits.length} polls)`,
      waits.length === 0 ? 'none began' : ms(Math.max(...waits)),
    ),
  ];
}

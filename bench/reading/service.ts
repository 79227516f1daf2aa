import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../src/lib/clock.ts';
import { startKit } from '../../test/support/service-kit.ts';

/** The running service: how soon it asks, how much memory it idles in, how soon it tells, how soon it ends. */
export interface ServiceFigures {
  readonly startMs: number;
  readonly idleRssMb: number;
  /** From the API's answer that shows a new task to the message's arrival at the hook, the commit between them; in order. */
  readonly toldMs: readonly number[];
  readonly stopMs: number;
}

/** Longer than the pause between two messages of a hook, so that the lane is idle. */
const PAUSE_MS = 2 * SECOND_MS;

export async function measureService(events: number, progress: (line: string) => void): Promise<ServiceFigures> {
  const answeredAt = new Map<string, number>();
  const kit = await startKit({
    sandbox: {
      onAnswer(_answer, rows) {
        for (const row of rows)
          if (!answeredAt.has(row.TaskId)) answeredAt.set(row.TaskId, performance.timeOrigin + performance.now());
      },
    },
  });
  try {
    const begun = performance.now();
    const service = kit.start();
    await kit.sandbox.arrivals.untilCount(1);
    const startMs = performance.now() - begun;
    await service.polls(10);
    const idleRssMb = residentMb(service.pid);
    const toldMs: number[] = [];
    for (let event = 0; event < events; event += 1) {
      const { TaskId } = kit.sandbox.world().add();
      await kit.hook.requests.until(({ body }) => body.includes(TaskId));
      toldMs.push(performance.timeOrigin + performance.now() - (answeredAt.get(TaskId) ?? Number.NaN));
      if (event % 10 === 9) progress(`${event + 1} of ${events} tasks told`);
      await sleep(PAUSE_MS);
    }
    const { tookMs } = await service.stop();
    return { startMs, idleRssMb, toldMs: toldMs.toSorted((a, b) => a - b), stopMs: tookMs };
  } finally {
    await kit.close();
  }
}

/** Linux says it in kB. */
function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1]) / 1024);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ServiceKit, startKit } from '../../test/support/service-kit.ts';
import { residentMb } from './resident.ts';
import { median, quantile } from './statistics.ts';
import { atMost, mb, ms, type Result } from './table.ts';

/** Lanes that are each idle when their task comes: more events in the same time. */
const LANES = 5;
/** Longer than the pause between two messages of a hook. */
const PAUSE_MS = 1200;
const IDLE_POLLS = 5;

/** The running service: how soon it asks, how much memory it idles in, how soon it tells, how soon it ends. */
export async function measureService(
  events: number,
  starts: number,
  progress: (line: string) => void,
): Promise<readonly Result[]> {
  const answeredAt = new Map<string, number>();
  const onAnswer = (_: unknown, rows: readonly { readonly TaskId: string }[]): void => {
    for (const { TaskId } of rows) if (!answeredAt.has(TaskId)) answeredAt.set(TaskId, performance.now());
  };
  const kit = await startKit({ sandbox: { onAnswer } });
  const hooks = await Promise.all(Array.from({ length: LANES }, () => startSlackHook()));
  const toldMs: number[] = [];
  const startMs: number[] = [];
  const stopMs: number[] = [];
  const idleMb: number[] = [];
  try {
    kit.configure(lanesOf(hooks.map(({ url }) => url)));
    for (let start = 0; start < starts; start += 1) {
      const seen = kit.sandbox.arrivals.entries.length;
      const begun = performance.now();
      const service = kit.start();
      await kit.sandbox.arrivals.untilCount(seen + 1);
      startMs.push(performance.now() - begun);
      await service.polls(IDLE_POLLS);
      idleMb.push(residentMb(service.pid));
      if (start === starts - 1) {
        while (toldMs.length < events) {
          toldMs.push(...(await tellOnEachLane(kit, hooks, answeredAt)));
          if (toldMs.length % (10 * LANES) === 0) progress(`${toldMs.length} of ${events} tasks told`);
        }
      }
      stopMs.push((await service.stop()).tookMs);
    }
  } finally {
    await kit.close();
    await Promise.all(hooks.map((hook) => hook.close()));
  }
  const told = `API's answer → request of an idle lane (${toldMs.length} tasks)`;
  return [
    atMost(`start → first request (middle of ${starts})`, 600, median(startMs), ms),
    atMost(`memory of the idle service (middle of ${starts})`, 90, median(idleMb), mb),
    { ...atMost(`${told}: p99`, 100, quantile(toldMs, 0.99), ms), ours: spread(toldMs) },
    atMost(`SIGTERM → end (slowest of ${starts})`, 8000, Math.max(...stopMs), ms),
  ];
}

function spread(values: readonly number[]): string {
  return `${ms(quantile(values, 0.99))} (middle ${ms(median(values))})`;
}

function lanesOf(urls: readonly string[]) {
  const lanes = urls.map((url, lane) => ({ name: `lane-${lane}`, url }));
  return {
    channels: Object.fromEntries(lanes.map(({ name, url }) => [name, { type: 'slack', url, language: 'en' }])),
    routes: lanes.map(({ name }) => ({ match: { alias: `${name}-*` }, channels: [name] })),
    operator: { channels: ['lane-0'] },
  };
}

/** Lists one task for each lane, waits for its message; resolves with the milliseconds from the answer that showed it, the commit between them. */
async function tellOnEachLane(
  kit: ServiceKit,
  hooks: readonly Awaited<ReturnType<typeof startSlackHook>>[],
  answeredAt: ReadonlyMap<string, number>,
): Promise<readonly number[]> {
  const told = await Promise.all(
    hooks.map(async (hook, lane) => {
      const { TaskId } = kit.sandbox.world().add({ Alias: `lane-${lane}-task` });
      await hook.requests.until(({ body }) => body.includes(TaskId));
      return performance.now() - (answeredAt.get(TaskId) ?? Number.NaN);
    }),
  );
  await sleep(PAUSE_MS);
  return told;
}

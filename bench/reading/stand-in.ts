import { DAY_MS, SECOND_MS } from '../../src/lib/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { formatVendorTime } from '../../src/sandbox/vendor-time.ts';

/** A stand-in for the API as a process of its own, so that its work is not counted as the reader's. */
export interface StandInOptions {
  readonly closed: number;
  readonly pending: number;
  readonly latencyMs: number;
  /** null: no limit. */
  readonly requestsPerSecond: number | null;
}

/** What the reader cost the API; counted here, where the vendor would count. */
export interface StandInReport {
  readonly requests: number;
  readonly throttled: number;
  /** Arrivals in the busiest sliding second. */
  readonly mostInASecond: number;
  /** Arrivals a second while the bulk was read: ours by its EndDate (the backfill), the loop's all. */
  readonly perSecond: number;
}

const UTC_OFFSET_MS = 8 * 60 * 60 * SECOND_MS;
const SPREAD_MS = 29 * DAY_MS;

/** Closed tasks spread evenly over 29 days, so that no second overfills a page; the pending ones spread likewise. */
function* tasks({ closed, pending }: StandInOptions, now: number) {
  for (const [count, TaskStatus] of [
    [closed, 3],
    [pending, 1],
  ] as const) {
    for (let index = 0; index < count; index += 1)
      yield {
        TaskStatus,
        // The oldest first: a row that goes to the end of the index costs nothing.
        CreateTime: formatVendorTime(now - DAY_MS / 2 - SPREAD_MS * (1 - index / count), UTC_OFFSET_MS),
      };
  }
}

function report(sandbox: Sandbox, since: number): StandInReport {
  const arrivals = sandbox.arrivals.entries.slice(since);
  const ended = arrivals.filter(({ body }) => body.includes('"EndDate"'));
  const bulk = (ended.length > 0 ? ended : arrivals).map(({ monotonic }) => monotonic);
  const spanMs = (bulk.at(-1) ?? 0) - (bulk[0] ?? 0);
  const answers = sandbox.answers.entries.slice(since);
  return {
    requests: arrivals.length,
    throttled: answers.filter(({ outcome }) => outcome.startsWith('RequestLimitExceeded')).length,
    mostInASecond: sandbox.greatestInASecond(),
    perSecond: spanMs === 0 ? 0 : ((bulk.length - 1) * SECOND_MS) / spanMs,
  };
}

const options = JSON.parse(process.argv[2] ?? '{}') as StandInOptions; // written by `startStandIn`
const sandbox = await startSandbox({
  switches: {
    latencyMs: options.latencyMs,
    requestsPerSecond: options.requestsPerSecond ?? Number.POSITIVE_INFINITY,
  },
});
sandbox.world().load(tasks(options, Date.now()));
let since = 0;
process.on('message', () => {
  process.send?.(report(sandbox, since));
  since = sandbox.arrivals.entries.length;
});
process.send?.({ port: sandbox.port });

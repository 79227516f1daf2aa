import { DAY_MS, type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
import { type Arrival, type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { formatVendorTime } from '../../src/sandbox/vendor-time.ts';
import { accountKeys } from './account-keys.ts';
import { scatteredId } from './scattered-id.ts';

/** A stand-in for the API as a process of its own, so that its work is not counted as the reader's. */
export interface StandInOptions {
  readonly closed: number;
  readonly pending: number;
  readonly latencyMs: number;
  /** Infinity is written as null in JSON: no limit. */
  readonly requestsPerSecond: number | null;
  /** Each with its key and with that many tasks; one with the sandbox's own key unless given. */
  readonly accounts?: number;
  /** So many of the accounts are never answered. */
  readonly stuck?: number;
}

/** What the reader cost the API; counted here, where the vendor would count. */
export interface StandInReport {
  readonly requests: number;
  readonly throttled: number;
  /** Arrivals in the busiest sliding second since the stand-in began. */
  readonly mostInASecond: number;
  /** Requests with an end of their window: the backfill's, and no others. */
  readonly backfillRequests: number;
  /** Windows by their ends: a range that is cut ends earlier, and what was cut off takes the old end. */
  readonly ranges: number;
  /** Arrivals a second, whosever, while the bulk was read: from the backfill's first request to its last; of a page loop all. */
  readonly perSecond: number;
  /** When each reading of what is pending began while the backfill ran. */
  readonly liveAt: readonly EpochMs[];
}

const UTC_OFFSET_MS = 8 * 60 * 60 * SECOND_MS;
const SPREAD_MS = 29 * DAY_MS;
/** Where the set `live` begins. */
const SINCE = '2014-12-31';

/** Closed tasks spread evenly over 29 days, so that no second overfills a page; the pending ones spread likewise. */
function* tasks({ closed, pending, accounts }: StandInOptions, now: number, account: number) {
  let first = account * (closed + pending);
  for (const [count, TaskStatus] of [
    [closed, 3],
    [pending, 1],
  ] as const) {
    for (let index = 0; index < count; index += 1)
      yield {
        ...(accounts !== undefined && { TaskId: `rep-${scatteredId(first + index)}` }),
        TaskStatus,
        // The oldest first: a row that goes to the end of the index costs nothing.
        CreateTime: formatVendorTime(now - DAY_MS / 2 - SPREAD_MS * (1 - index / count), UTC_OFFSET_MS),
      };
    first += count;
  }
}

function field(arrival: Arrival, name: string): string | null {
  const { params } = arrival;
  if (typeof params !== 'object' || params === null || !(name in params)) return null;
  const value: unknown = Reflect.get(params, name);
  return typeof value === 'string' ? value : null;
}

function report(sandbox: Sandbox, since: number): StandInReport {
  const arrivals = sandbox.arrivals.entries.slice(since);
  const backfill = arrivals.filter((arrival) => field(arrival, 'EndDate') !== null);
  const bulk = backfill.length > 0 ? backfill : arrivals;
  const [first, last] = [bulk[0]?.monotonic ?? 0, bulk.at(-1)?.monotonic ?? 0];
  const within = arrivals.filter(({ monotonic }) => monotonic >= first && monotonic <= last);
  return {
    requests: arrivals.length,
    throttled: sandbox.answers.entries.slice(since).filter(({ outcome }) => outcome.startsWith('RequestLimitExceeded'))
      .length,
    mostInASecond: sandbox.greatestInASecond(),
    backfillRequests: backfill.length,
    ranges: new Set(backfill.map((arrival) => field(arrival, 'EndDate'))).size,
    perSecond: last === first ? 0 : ((within.length - 1) * SECOND_MS) / (last - first),
    liveAt: within.filter((arrival) => field(arrival, 'StartDate')?.startsWith(SINCE)).map(({ at }) => at),
  };
}

const options = JSON.parse(process.argv[2] ?? '{}') as StandInOptions; // written by `startStandIn`
const keys = options.accounts === undefined ? [SANDBOX_KEY] : accountKeys(options.accounts);
const sandbox = await startSandbox({
  keys,
  switches: {
    latencyMs: options.latencyMs,
    requestsPerSecond: options.requestsPerSecond ?? Number.POSITIVE_INFINITY,
  },
});
for (const [account, { secretId }] of keys.entries()) sandbox.world(secretId).load(tasks(options, Date.now(), account));
for (const { secretId } of keys.slice(0, options.stuck ?? 0)) sandbox.fault({ kind: 'hang', key: secretId });
let since = 0;
process.on('message', () => {
  process.send?.(report(sandbox, since));
  since = sandbox.arrivals.entries.length;
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: sandbox.port });

import { Counter, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';
import type { Meter } from '../../lib/meter.ts';
import { codeLabel } from './code-label.ts';
import { createReloadGauges } from './reload-gauges.ts';

/** Seconds: a lane sends within one, pauses last minutes, an outage hours. */
const LATENCY_BUCKETS = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];
const TRANSACTION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/** The meter whose counts are scraped from the registry. */
export interface Counters extends Meter {
  /** Lets those that have not been counted yet begin with 0. */
  begin(accounts: readonly string[], channels: readonly string[]): void;
}

/** The counters, each at 0, in the registry. */
export function createCounters(registry: Registry, clock: Pick<Clock, 'monotonic' | 'now'>): Counters {
  const registers = [registry];
  const polls = new Counter({
    name: 'repairwatch_polls_total',
    help: 'Polls, backfills and audits that ended, by what they came to.',
    labelNames: ['account', 'kind', 'result'],
    registers,
  });
  const requests = new Counter({
    name: 'repairwatch_api_requests_total',
    help: 'Requests for DescribeTaskInfo, tries again included, by the code that came back (OK, the code of the API, or ours).',
    labelNames: ['account', 'code'],
    registers,
  });
  const throttles = new Counter({
    name: 'repairwatch_api_throttles_total',
    help: 'Requests that were refused because they were too many.',
    labelNames: ['account'],
    registers,
  });
  const tries = new Counter({
    name: 'repairwatch_messages_total',
    help: 'Tries to deliver a message, by what came of them: delivered, waiting (to be tried again), unknown (may have been accepted), dead (given up).',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const latency = new Histogram({
    name: 'repairwatch_delivery_latency_seconds',
    help: 'From when something was seen until a channel accepted the message that tells of it.',
    labelNames: ['channel'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const transactions = new Histogram({
    name: 'repairwatch_database_transaction_seconds',
    help: 'Time that transactions of the store took, from their begin to their durable end.',
    labelNames: ['kind'],
    buckets: TRANSACTION_BUCKETS,
    registers,
  });
  return {
    begin(accounts, channels) {
      for (const account of accounts) {
        for (const result of ['complete', 'incomplete', 'interrupted']) polls.inc({ account, kind: 'poll', result }, 0);
        requests.inc({ account, code: 'OK' }, 0);
        throttles.inc({ account }, 0);
      }
      for (const channel of channels)
        for (const outcome of ['delivered', 'waiting', 'unknown', 'dead']) tries.inc({ channel, outcome }, 0);
    },
    reloaded: createReloadGauges(registry, clock),
    read: (account, kind, result) => polls.inc({ account, kind, result }),
    requested(account, code, throttled) {
      requests.inc({ account, code: codeLabel(code) });
      if (throttled) throttles.inc({ account });
    },
    settled: (channel, outcome) => tries.inc({ channel, outcome }),
    // The wall clock may have been set back since.
    told: (channel, afterMs) => latency.observe({ channel }, Math.max(0, afterMs) / 1000),
    transaction(kind) {
      const begun = clock.monotonic();
      return () => transactions.observe({ kind }, (clock.monotonic() - begun) / 1000);
    },
  };
}

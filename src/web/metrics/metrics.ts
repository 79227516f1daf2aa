import { Registry } from 'prom-client';
import { pollIntervals } from '../../watch/poll-intervals.ts';
import type { Routes } from '../web-app.ts';
import type { WebDeps } from '../web-deps.ts';
import { createCounters } from './counters.ts';
import { readFacts, type StoreFacts } from './facts.ts';
import { createGauges } from './gauges.ts';
import { addProcessMetrics } from './process-metrics.ts';

/** What is counted over the life of the process, whatever its configuration, and how it is shown. */
export interface Metrics {
  readonly contentType: string;
  /** Accounts and channels that are configured; each begins with 0, so that its first increase can be seen. */
  begin(accounts: readonly string[], channels: readonly string[]): void;
  textWith(facts: StoreFacts): Promise<string>;
}

/** Counts from now on what the meter is told. */
export function createMetrics({ meter, clock }: Pick<WebDeps, 'meter' | 'clock'>): Metrics {
  const registry = new Registry();
  const counters = createCounters(registry, clock);
  meter?.to(counters);
  const show = createGauges(registry);
  addProcessMetrics(registry);
  return {
    contentType: registry.contentType,
    begin: counters.begin,
    async textWith(facts) {
      show(facts);
      return registry.metrics();
    },
  };
}

/** `/metrics`: what was counted since the start, and what is stored at the moment of the scrape. */
export const metricRoutes: Routes = (app, { config, view, clock, metrics }) => {
  const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
  metrics.begin(names(config.accounts), names(config.channels));
  const intervalOf = pollIntervals(config);
  app.get('/metrics', async (c) => {
    const facts = await readFacts(view, config, intervalOf, clock.now());
    return c.body(await metrics.textWith(facts), 200, { 'Content-Type': metrics.contentType });
  });
};

import { Registry } from 'prom-client';
import { pollIntervals } from '../../watch/poll-intervals.ts';
import type { Routes } from '../web-app.ts';
import { createCounters } from './counters.ts';
import { readFacts } from './facts.ts';
import { createGauges } from './gauges.ts';
import { addProcessMetrics } from './process-metrics.ts';

/** `/metrics`: what was counted since the start, and what is stored at the moment of the scrape. */
export const metricRoutes: Routes = (app, { config, view, clock, meter }) => {
  const registry = new Registry();
  const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
  meter?.to(createCounters(registry, { accounts: names(config.accounts), channels: names(config.channels), clock }));
  const show = createGauges(registry);
  addProcessMetrics(registry);
  const intervalOf = pollIntervals(config);
  app.get('/metrics', async (c) => {
    show(await readFacts(view, config, intervalOf, clock.now()));
    return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
  });
};

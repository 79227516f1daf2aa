import { createGuesses, type Guesses } from './guesses.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import type { WebDeps } from './web-deps.ts';

/** What is counted over the life of the process, by whatever configuration it serves. */
export interface Counted {
  readonly metrics: Metrics;
  readonly guesses: Guesses;
}

/** Everything at 0; counts from now on. */
export function createCounted(deps: Pick<WebDeps, 'meter' | 'clock' | 'log'>): Counted {
  return { metrics: createMetrics(deps), guesses: createGuesses(deps) };
}

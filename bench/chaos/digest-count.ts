import type { Journal } from './journal.ts';

/** How many digests have arrived, each counted once. */
export function digestCount({ arrivals }: Pick<Journal, 'arrivals'>): number {
  return new Set(arrivals.filter(({ title }) => title.includes('Digest ')).map(({ key }) => key)).size;
}

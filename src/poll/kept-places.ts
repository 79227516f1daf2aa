import type { Config } from '../config/config.ts';
import { settingsText } from '../lib/settings-text.ts';
import type { Place } from './poll-ticks.ts';

type Polled = Pick<Config, 'accounts' | 'poll'>;

/** What a configuration leaves to the next one. */
export interface Left {
  readonly config: Polled;
  readonly places: ReadonlyMap<string, Place>;
  /** Accounts to which a poll is owed. */
  readonly owed: ReadonlySet<string>;
}

/** The places of those accounts that are in the next configuration as they were, and to which no poll is owed: a reload is no reason to poll them. */
export function keptPlaces({ config, places, owed }: Left, next: Polled): ReadonlyMap<string, Place> {
  if (settingsText(config.poll) !== settingsText(next.poll)) return new Map();
  const before = new Map(config.accounts.map((account) => [account.name, settingsText(account)]));
  const kept = next.accounts.filter(
    (account) => !owed.has(account.name) && before.get(account.name) === settingsText(account),
  );
  return new Map(
    kept.flatMap(({ name }) => {
      const place = places.get(name);
      return place === undefined ? [] : [[name, place] as const];
    }),
  );
}

import { settingsText } from '../lib/settings-text.ts';
import type { Config } from './config.ts';

/** A configuration as it can be applied to a service that runs, and what of it must wait. */
export interface Applicable {
  readonly config: Config;
  /** A sentence for each option that stays as it is until a restart. */
  readonly kept: readonly string[];
}

/** Keeps of the running configuration what the process cannot change while it runs: the store that it holds, and where it listens. */
export function keepFixed(running: Config, next: Config): Applicable {
  const kept: string[] = [];
  if (settingsText(running.store) !== settingsText(next.store))
    kept.push('store is another one; the one that is open stays until a restart.');
  const [listens, asked] = [running.http?.listen ?? null, next.http?.listen ?? null];
  if (listens !== asked) {
    const now = listens === null ? 'nothing is served' : `the page stays at ${listens}, with its token,`;
    kept.push(`http.listen is ${asked ?? 'left out'}; ${now} until a restart.`);
  }
  // With its token, since another place may need none.
  const http = listens === asked ? next.http : running.http;
  return { config: { ...next, store: running.store, http }, kept };
}

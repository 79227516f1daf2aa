import type { PostgresStoreConfig, SqliteStoreConfig, StoreConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { type OpenOptions, openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

/** An engine with a server waits for it, so it needs the whole clock. */
export type OpenAnyOptions = OpenOptions & { readonly clock: Clock };

/** Opens the configured store; rejects with a `StoreError`, one sentence for people, when it cannot. */
export function openStore(config: SqliteStoreConfig, options: OpenOptions): Promise<Store>;
export function openStore(config: StoreConfig, options: OpenAnyOptions): Promise<Store>;
export function openStore(config: StoreConfig, options: OpenOptions | OpenAnyOptions): Promise<Store> {
  if (config.engine === 'sqlite') return openSqliteStore(config.path, options);
  // The cast holds by the signatures above.
  return openPostgres(config, options as OpenAnyOptions);
}

/** Loaded only where it is used: its client costs memory. */
async function openPostgres({ address }: PostgresStoreConfig, { mode, ...options }: OpenAnyOptions): Promise<Store> {
  const { openPostgresStore } = await import('./postgres-store.ts');
  return openPostgresStore(address, { ...options, migrates: mode === 'owner' });
}

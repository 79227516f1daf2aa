import type { StoreConfig } from '../config/config.ts';
import { type OpenOptions, openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

/** The engines, by the name that the configuration gives them. A new one is its files and its line here. */
const ENGINES = {
  sqlite: (config: StoreConfig, options: OpenOptions) => openSqliteStore(config.path, options),
} satisfies Record<StoreConfig['engine'], (config: StoreConfig, options: OpenOptions) => Promise<Store>>;

/** Opens the configured store; rejects with a `StoreError`, one sentence for people, when it cannot. */
export function openStore(config: StoreConfig, options: OpenOptions): Promise<Store> {
  return ENGINES[config.engine](config, options);
}

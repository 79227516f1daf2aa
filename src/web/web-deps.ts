import type { Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { MeterRelay } from '../lib/meter.ts';
import type { Speaker } from '../messages/speak.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';

/** What every route may use. */
export interface WebDeps {
  readonly config: Config;
  /** Its own connection that writes nothing: reading a page never waits for a poll's transaction, nor a poll for a page. */
  readonly view: Store;
  /** For what a person writes from the page; the poller's own connection. */
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Where what is counted comes from. */
  readonly meter?: MeterRelay;
  /** null: no token is set, so the page is for this machine only and cannot be written from. */
  readonly access: Access | null;
  speaker(language: Language): Speaker;
}

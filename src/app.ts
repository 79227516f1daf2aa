import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Channel } from './channels/channel.ts';
import type { ChannelConfig, Config } from './config/config.ts';
import type { Clock, EpochMs } from './lib/clock.ts';
import { type Closers, createClosers } from './lib/closers.ts';
import type { Log } from './lib/log.ts';
import { letHeapGrow } from './lib/memory-keeper.ts';
import { createMeterRelay, type MeterRelay } from './lib/meter.ts';
import { createSpeaker } from './messages/speak.ts';
import type { Language } from './model/vocabulary.ts';
import { joinParts, type Parts } from './parts.ts';
import { assumedLimits } from './poll/api-limits.ts';
import { createBackfillLog } from './poll/backfill-log.ts';
import type { OnBackfill } from './poll/backfill-progress.ts';
import { createFencing } from './replica/fencing.ts';
import { laneUnitName } from './replica/make-units.ts';
import { replicaName } from './replica/replica-name.ts';
import { messageKey } from './store/message-key.ts';
import { openStore } from './store/registry.ts';
import type { Store } from './store/store.ts';
import { createAccountReader } from './tencent/account-reader.ts';
import { lastingKey } from './tencent/credentials/lasting-key.ts';
import { createReaderPool } from './tencent/reader-pool.ts';
import { shortestPollInterval } from './watch/poll-intervals.ts';
import { createStoreWatch, type StoreWatch } from './watch/store-watch.ts';
import type { Web } from './web/web.ts';
import type { WebDeps } from './web/web-deps.ts';

export interface AppOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** How a channel of the configuration is made, unless by the registry: `once --dry-run` prints instead of sending. */
  readonly channelOf?: (config: ChannelConfig) => Channel;
  /** Who is told how far a backfill is; the log unless given. */
  readonly onBackfill?: OnBackfill;
}

/** Everything joined and opened, ready to run; `close` undoes it in reverse, also what followed on the same store. */
export interface App extends Omit<Parts, 'takeUp' | 'close' | 'toOperator'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: MeterRelay;
  readonly storeWatch: StoreWatch;
  /** Serves the page until `close`, and says where; null where none is configured. Rejects with one sentence where it cannot listen. */
  readonly serveWeb: (() => Promise<string>) | null;
  /** Joins the parts of another configuration on the open store and touches nothing yet. Throws what cannot be made of it. */
  prepare(config: Config): Promise<PreparedApp>;
  close(): Promise<void>;
}

/** Another configuration, ready to follow the one that runs. */
export interface PreparedApp {
  /** To be called once the loops of the one before have ended; again where the store failed. */
  begin(): Promise<App>;
}

/** The composition root, with `parts.ts`: opens the store as its owner, and takes up what a killed process left there. */
export async function openApp(config: Config, options: AppOptions): Promise<App> {
  letHeapGrow();
  const closers = createClosers({ clock: options.clock });
  try {
    return await open(config, options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function open(config: Config, options: AppOptions, closers: Closers): Promise<App> {
  const { clock, random, log, onBackfill = createBackfillLog(log, clock) } = options;
  let parts: Parts | null = null;
  const storeWatch = createStoreWatch({
    clock,
    log,
    keyOf: messageKey,
    pollIntervalMs: () => shortestPollInterval(parts?.config ?? config),
    channels: () => parts?.toOperator ?? [],
    serves: ({ lane }) => parts?.replica?.works(laneUnitName(lane)) ?? false,
    replica: () => parts?.replica?.me ?? null,
    wake: () => parts?.wake(),
  });
  const { isTroubled } = storeWatch;
  const meter = createMeterRelay();
  const store = await openStore(config.store, { mode: 'owner', clock, onWrite: storeWatch.wrote, meter });
  closers.push('store', () => store.close());
  const addedAt = new Map<string, EpochMs>();
  const me = replicaName(random);
  const base = {
    ...options,
    store,
    meter,
    readers: createReaderPool((poll) => {
      const readerOf = createAccountReader({ clock, random, log, meter, config: { poll } });
      return (account, mayStart) => ({ ...readerOf(account, mayStart), limits: assumedLimits() });
    }),
    fenced: createFencing(store, clock),
    isTroubled,
    onBackfill,
    me,
    host: hostname(),
    runningSince: clock.now(),
    addedAt,
  };
  const web = createPage({ store, clock, log, meter }, closers);

  /** The credentials file may have changed since. */
  async function joined(by: Config): Promise<Parts> {
    const chainKey = await lastingKey(process.env, (path) => readFile(path, 'utf8'));
    return joinParts(by, { ...base, chainKey });
  }

  async function closeParts(): Promise<void> {
    for (const { name, error } of (await parts?.close()) ?? []) log.error('close-failed', { part: name, error });
  }

  async function use(next: Parts): Promise<App> {
    if (parts !== null && parts !== next) {
      const known = new Set(parts.config.accounts.map(({ name }) => name));
      for (const { name } of next.config.accounts) if (!known.has(name)) addedAt.set(name, clock.now());
      await closeParts();
    }
    parts = next;
    await next.takeUp();
    web.use(next.config);
    return {
      ...next,
      ...{ store, clock, log, meter, storeWatch },
      serveWeb: next.config.http && (() => web.serve(next.config)),
      async prepare(other) {
        const following = await joined(other);
        return { begin: () => use(following) };
      },
      async close() {
        await closeParts();
        for (const { name, error } of await closers.closeAll()) log.error('close-failed', { part: name, error });
      },
    };
  }

  closers.push('parts', closeParts);
  return await use(await joined(config));
}

/** The page, and how it goes on by another configuration. */
function createPage(base: Pick<WebDeps, 'store' | 'clock' | 'log' | 'meter'>, closers: Closers) {
  let served: { readonly web: Web; depsOf(config: Config): WebDeps } | null = null;
  return {
    /** Loaded only where a page is configured: what nobody serves costs no memory. */
    async serve(config: Config): Promise<string> {
      const [{ serveWeb }, { createAccess }] = await Promise.all([import('./web/web.ts'), import('./web/access.ts')]);
      const view = await openStore(config.store, { mode: 'reader', clock: base.clock });
      closers.push('view of the store', () => view.close());
      const depsOf = (by: Config): WebDeps => {
        const token = by.http?.token ?? null;
        return { ...base, config: by, view, access: token && createAccess(token), speaker: speakersOf(by) };
      };
      const web = await serveWeb(config.http?.listen ?? '', depsOf(config));
      closers.push('page', () => web.close());
      served = { web, depsOf };
      return web.url;
    },
    use(config: Config): void {
      served?.web.use(served.depsOf(config));
    },
  };
}

function speakersOf({ consoleUrl, poll, http }: Config): WebDeps['speaker'] {
  const speakerOf = (language: Language) =>
    createSpeaker({ language, timezone: poll.timezone, consoleUrl, publicUrl: http?.publicUrl ?? null });
  const speakers = { en: speakerOf('en'), 'zh-CN': speakerOf('zh-CN') };
  return (language) => speakers[language];
}

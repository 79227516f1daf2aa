import type { App, PreparedApp } from './app.ts';
import type { Config } from './config/config.ts';
import { SECOND_MS } from './lib/clock.ts';
import { untilAborted } from './lib/until-aborted.ts';
import type { Lane } from './outbox/lane.ts';

/** What came of reading the configuration again. `kept`: sentences about what waits for a restart, and is in `config` as it was. */
export type Reread =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly kept: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Where another configuration comes from while the service runs. */
export interface Reloads {
  /** Resolves once one was asked for and read; rejects with the signal's reason when aborted. */
  next(running: Config, signal: AbortSignal): Promise<Reread>;
}

const SUBJECT = 'configuration';
/** Where the store fails just now. */
const RETRY_MS = 5 * SECOND_MS;
/** The pace of a key and the pauses of a hook count in sliding seconds, and who follows does not know what began before. */
const QUIET_MS = SECOND_MS;

/** Waits for a configuration that can follow the one that runs; of one that cannot, tells why and waits on. Null once aborted. */
export async function untilReload(app: App, reloads: Reloads, signal: AbortSignal): Promise<PreparedApp | null> {
  while (!signal.aborted) {
    try {
      const read = await reloads.next(app.config, signal);
      if (!read.ok) await refuse(app, read.problems);
      else {
        const next = await app.prepare(read.config);
        for (const warning of read.warnings) app.log.warn('configuration-warning', { warning });
        for (const kept of read.kept) app.log.warn('configuration-kept', { kept });
        return next;
      }
    } catch (error) {
      if (!signal.aborted) await refuse(app, [error instanceof Error ? error.message : String(error)]);
    }
  }
  return null;
}

async function refuse(app: App, problems: readonly string[]): Promise<void> {
  const { log, meter, store, clock, config } = app;
  for (const problem of problems) log.error('configuration-problem', { problem });
  meter.reloaded(false);
  const facts = { count: problems.length, reason: (problems[0] ?? '').replace(/\.$/, '') };
  const notice = { at: clock.now(), code: 'reload-refused', subject: SUBJECT, facts } as const;
  try {
    if (await store.raise(notice, config.operator.channels)) app.wake();
  } catch (error) {
    log.error('reload-not-told', { error });
  }
}

/** Lets the messages that are on their way be settled before the loops end; a stop of the service waits no longer for them than ever. */
export async function rest(lanes: readonly Lane[], stop: AbortSignal): Promise<void> {
  await Promise.race([Promise.all(lanes.map((lane) => lane.rest())), untilAborted(stop)]);
}

/** Goes on with the next configuration once the loops of the one before have ended. Null where the service is stopped before that succeeds. */
export async function beginNext(before: App, next: PreparedApp, stop: AbortSignal): Promise<App | null> {
  const { log, clock } = before;
  while (!stop.aborted) {
    try {
      const app = await next.begin();
      await clock.sleep(QUIET_MS, stop);
      await endRefusal(app);
      app.meter.reloaded(true);
      const accounts = app.pollers.map(({ account }) => account);
      log.info('configuration-reloaded', { accounts, lanes: app.lanes.map(({ id }) => id) });
      return app;
    } catch (error) {
      if (stop.aborted) break;
      log.error('reload-waits', { error });
      await clock.sleep(RETRY_MS, stop).catch(() => undefined); // stopped: the loop ends
    }
  }
  return null;
}

/** A configuration that is in force ends the trouble of one that was refused. */
export async function endRefusal({ store, clock, config, wake }: App): Promise<void> {
  if (await store.over('reload-refused', SUBJECT, clock.now(), config.operator.channels)) wake();
}

import { type App, type AppOptions, openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { SECOND_MS, systemClock } from '../lib/clock.ts';
import { runOnce } from '../once.ts';
import { createBackfillLog } from '../poll/backfill-log.ts';
import type { LeaseRecord } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { commandLog } from './command-log.ts';
import type { ExitCode } from './exit-code.ts';
import { type MessageLeft, type OnceOutcome, onceReport } from './once-report.ts';
import { printingChannel } from './printing-channel.ts';
import { progressBar } from './progress-bar.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';
import { withStoreCopy } from './with-store-copy.ts';

export interface OnceOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** More than the parts of a roll-up, which are made together. */
const MESSAGES_LOOKED_AT = 1_000;

/** `once`: one poll of every account and what is due; with `--dry-run` on a copy of the store, printing instead of sending. */
export async function once(options: OnceOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const bar = progressBar(process.stderr, screen.env, systemClock);
  const log = commandLog(options, bar?.below(process.stderr));
  // A first backfill may take minutes, and a log without a word would look like a hang.
  const onBackfill = bar?.show ?? createBackfillLog(commandLog({ logLevel: 'info', ...options }), systemClock);
  for (const warning of read.warnings) log.info('configuration-warning', { warning });
  const signal = stopSignal();
  const { dryRun = false, json = false } = options;
  const how = { clock: systemClock, random: Math.random, log, onBackfill };
  const done = dryRun
    ? await withStoreCopy(read.config, (config) =>
        perform(config, signal, {
          ...how,
          channelOf: (channel) => printingChannel(channel, config, json ? silenced(screen) : screen),
        }),
      )
    : await perform(read.config, signal, how);
  if (done === null) {
    screen.complain('It was stopped before its end; the next run goes on from there.');
    return 1;
  }
  if (json) screen.print(JSON.stringify({ dryRun, ...done }, null, 2));
  else for (const line of onceReport(done, dryRun)) screen.print(line);
  return done.well ? 0 : 1;
}

/** null: the signal came first. */
async function perform(config: Config, signal: AbortSignal, how: AppOptions): Promise<OnceOutcome | null> {
  const app = await openApp(config, how);
  try {
    if (app.replica === null) return await outcome(app, signal);
    const held = await app.replica.withAll(signal, (both) => outcome(app, both));
    if ('done' in held) return held.done;
    throw new StoreError(heldSentence(held.heldBy));
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    await app.close();
  }
}

function heldSentence([first]: readonly LeaseRecord[]): string {
  if (first === undefined) return 'The store was out of reach for too long, so its leases ended; start this run again.';
  const { name, owner, leftMs } = first;
  const seconds = Math.ceil(leftMs / SECOND_MS);
  return `The store is worked on by ${owner}, which holds "${name}" for ${seconds} s more; leave the work to it, or stop it first.`;
}

async function outcome(app: App, signal: AbortSignal): Promise<OnceOutcome> {
  const done = await runOnce(app, signal);
  const { waiting, dead } = await app.store.backlog();
  return { ...done, waiting, dead, left: await messagesLeft(app) };
}

async function messagesLeft({ store }: App): Promise<readonly MessageLeft[]> {
  const states = ['waiting', 'unknown'] as const;
  const found = await Promise.all(states.map((state) => store.deliveries({ state, limit: MESSAGES_LOOKED_AT })));
  const newestFirst = found.flat().toSorted((a, b) => b.id - a.id);
  const oldest = new Map(newestFirst.map((message) => [message.channel, message]));
  return [...oldest.values()].map(({ channel, key, attempts, reason }) => ({ channel, key, attempts, reason }));
}

function silenced(screen: Screen): Screen {
  return { ...screen, print: () => undefined };
}

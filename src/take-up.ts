import type { Config } from './config/config.ts';
import { type DigestDeps, syncDigests } from './digest/make-digests.ts';
import type { EpochMs } from './lib/clock.ts';
import type { EndSilencesDeps } from './outbox/end-silences.ts';
import type { Lane } from './outbox/lane.ts';
import { filterKeyOf } from './poll/reading.ts';
import type { Store } from './store/store.ts';
import { CLOCK_LOOP, laneLoop, pollsLoop } from './watch/loop-names.ts';
import type { StalenessDeps } from './watch/staleness.ts';

/** What is taken up with. */
export type TakeUpDeps = Pick<EndSilencesDeps, 'store' | 'clock' | 'log' | 'route'> &
  Pick<StalenessDeps, 'operatorChannels'>;

/**
 * What a killed process or an older configuration left: held alerts are released, messages that were on their way will be repeated,
 * what waits for a removed channel is routed anew, and accounts and digests are those of the configuration.
 */
export async function takeUp(
  config: Config,
  digests: DigestDeps,
  lanes: readonly Lane[],
  { store, clock, log, route, operatorChannels }: TakeUpDeps,
): Promise<void> {
  const now = clock.now();
  const accounts = config.accounts.map((account) => ({ name: account.name, filterKey: filterKeyOf(account) }));
  await store.syncAccounts(accounts, now);
  await store.forgetReminderTimes();
  if (store.shared) await takeUpNobodys(config, lanes, store, now);
  else {
    await store.forgetBeats();
    const polls = await store.recoverPolls(now);
    const messages = await store.recoverMessages(now);
    if (polls + messages > 0) log.info('taken-up', { interruptedPolls: polls, messagesToRepeat: messages });
  }
  const configured = config.channels.map((channel) => channel.name);
  const removed = await store.dropChannels(
    configured,
    (account, task, event) => route(account, task, event.event).channels,
    operatorChannels,
    now,
  );
  // Nobody can say that a channel is well again which is no longer there.
  for (const { code, subject } of await store.episodes())
    if ((code === 'lane-down' || code === 'messages-waiting') && !configured.includes(subject))
      await store.over(code, subject, now, []);
  for (const channel of removed) {
    log.warn('channel-removed', { channel });
    await store.raise({ at: now, code: 'channel-removed', subject: channel, facts: { channel } }, operatorChannels);
  }
  await syncDigests(digests);
}

/** Of a store that others work on, what no replica is at any more; the rest is taken up with its lease. */
async function takeUpNobodys({ accounts }: Config, lanes: readonly Lane[], store: Store, now: EpochMs): Promise<void> {
  const names = new Set(accounts.map(({ name }) => name));
  const loops = new Set([
    CLOCK_LOOP,
    ...accounts.map(({ name }) => pollsLoop(name)),
    ...lanes.map(({ id }) => laneLoop(id)),
  ]);
  await store.forgetBeats((await store.beats()).map(({ loop }) => loop).filter((loop) => !loops.has(loop)));
  await store.recoverPolls(now, (account) => !names.has(account));
}

import type { Channel, DeliveryOutcome } from '../channels/channel.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Meter } from '../lib/meter.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { createWake } from '../lib/wake.ts';
import type { OperatorNotice } from '../model/alert.ts';
import { seenAt } from '../model/seen-at.ts';
import type { ClaimedMessage, Settlement, Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { gatherNotices, type SentNotices } from './gather-notices.ts';
import { createIdleProbe } from './idle-probe.ts';
import { nextMessage } from './next-message.ts';
import { settlementOf } from './settlement.ts';
import { tellRefused } from './tell-refused.ts';
import { withhold } from './withhold.ts';

export interface LaneDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly meter?: Meter;
  readonly operatorChannels: readonly string[];
  /** Channels of other lanes, through which trouble of this one is told; none: nobody can be told. */
  readonly others: readonly string[];
  /** Wakes the other lanes when this one has made an alert for them. */
  readonly wakeAll: () => void;
  /** Called at every look of the loop, so that its life can be watched. */
  readonly beat: () => void;
  /** Asked before each send; throws where others may have the lane by now. Left out: it is nobody else's. */
  readonly maySend?: (() => void) | undefined;
}

/** What one step of a lane did. `nothing`: `nextAt` is when its oldest message is due, null when nothing waits. */
export type LaneStep =
  | { readonly did: 'sent'; readonly key: string; readonly state: Settlement['state'] }
  | { readonly did: 'nothing'; readonly nextAt: EpochMs | null };

export interface Lane {
  readonly id: string;
  readonly channels: readonly string[];
  /** Channels of other lanes, through which trouble of this one is told. */
  readonly others: readonly string[];
  /** Claims, delivers and settles one message, or does nothing; unlike `run` it sends each notice as soon as it can. */
  step(signal: AbortSignal): Promise<LaneStep>;
  /** Steps until the signal. */
  run(signal: AbortSignal): Promise<void>;
  /** Begins no further step; resolves once the message that is on its way is settled. Only a new lane goes on. */
  rest(): Promise<void>;
  wake(): void;
}

const LEASE_MS = 60 * SECOND_MS;
const RENEW_EVERY_MS = 10 * SECOND_MS;
const SEND_DEADLINE_MS = 20 * SECOND_MS;
/** A stop waits this long for an answer that is on its way; then the message is repeated after the next start. */
const STOP_GRACE_MS = 4 * SECOND_MS;
/** Other processes (`requeue`) write to the store too, so an idle lane looks now and then. */
const IDLE_LOOK_MS = 2 * SECOND_MS;
/** A lane whose first message has been tried for so long cannot speak, whatever the reason. */
const DOWN_AFTER_MS = 15 * MINUTE_MS;
/** After an unexpected failure, e.g. of the store. */
const TROUBLE_PAUSE_MS = 5 * SECOND_MS;

/** One hook or one SMTP login: its channels (at least one) share the order, the pace and the one message in flight. */
export function createLane(id: string, channels: readonly Channel[], deps: LaneDeps): Lane {
  const { store, clock, log } = deps;
  const wake = createWake(clock);
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const names = [...byName.keys()];
  const limitsOf = (name: string) => channelOf(name).limits;
  const { others } = deps;
  /** For trouble of a message, which leaves the lane able to tell of it. */
  const othersOrOwn = others.length > 0 ? others : deps.operatorChannels;
  const minGapMs = Math.max(...channels.map((channel) => channel.minGapMs));
  const [speaker] = channels;
  if (speaker === undefined) throw new Error(`lane ${id} has no channel`);
  const spokenFor = speaker.name;
  const idle = createIdleProbe(speaker, clock);
  let lastSendAt = Number.NEGATIVE_INFINITY;
  let isResting = false;
  let stepping: Promise<void> = Promise.resolve();

  function channelOf(name: string): Channel {
    const channel = byName.get(name);
    if (channel === undefined)
      throw new Error(`lane ${id} was given a message of channel ${name}, which it does not serve`);
    return channel;
  }

  const sentNotices = new Map<string, SentNotices>();

  /** `mayWait`: notices wait for others of their kind, and what was learnt of a message for a store in trouble. */
  async function step(signal: AbortSignal, mayWait: boolean): Promise<LaneStep> {
    await clock.sleep(Math.max(0, lastSendAt + minGapMs - clock.monotonic()), signal);
    const now = clock.now();
    const claim = await store.claim(
      { channels: names },
      now,
      LEASE_MS,
      (waiting, outage) =>
        nextMessage(mayWait ? gatherNotices(waiting, sentNotices, now) : waiting, limitsOf, now, outage),
      withhold,
    );
    if (claim.kind === 'nothing') {
      if (claim.nextAt === null) await probeIdle(signal);
      return { did: 'nothing', nextAt: claim.nextAt };
    }
    const { claimed } = claim;
    // The answer to the claim may have come after the end of the lease: whoever has the lane now sends the message.
    deps.maySend?.();
    const { facts } = claimed.message;
    if (facts.kind === 'operator') sentNotices.set(claimed.channel, { at: now, notices: facts.notices });
    lastSendAt = clock.monotonic();
    const outcome = await deliver(claimed, signal);
    // From the answer on, since a message that was long on its way arrived as late.
    lastSendAt = clock.monotonic();
    const settlement = settlementOf(outcome, claimed, clock.now(), deps.random());
    // Told before it is recorded: a process that ends in between tries it once more, and never leaves it dead in silence.
    if (settlement.state === 'dead') await tellDead(claimed, settlement.reason);
    await (mayWait ? record(claimed, settlement, signal) : store.settle(claimed, settlement));
    logSettled(claimed, outcome, settlement);
    count(claimed, settlement);
    await tellLane(claimed, outcome, settlement);
    return { did: 'sent', key: claimed.message.key, state: settlement.state };
  }

  /** What was learnt must not be forgotten for a store in trouble: the message would be repeated, and nothing else be sent before its lease ends. */
  async function record(claimed: ClaimedMessage, settlement: Settlement, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await store.settle(claimed, settlement);
      } catch (error) {
        if (!(error instanceof StoreError) || signal.aborted || isResting) throw error;
        log.error('lane-trouble', { lane: id, error });
      }
      deps.beat();
      await wake.wait(TROUBLE_PAUSE_MS, signal);
    }
  }

  /** One try with its deadline; the lease is renewed meanwhile. A stop gives the answer a moment to come. */
  async function deliver(claimed: ClaimedMessage, signal: AbortSignal): Promise<DeliveryOutcome> {
    const done = new AbortController();
    const stopped = AbortSignal.any([signal, done.signal]);
    const grace = untilAborted(stopped).then(() => clock.sleep(done.signal.aborted ? 0 : STOP_GRACE_MS, done.signal));
    const deadline = new AbortController();
    const late = clock.sleep(SEND_DEADLINE_MS, done.signal);
    void Promise.race([grace, late]).then(
      () => deadline.abort(new Error('no answer within the deadline')),
      () => undefined, // the answer came first
    );
    void renewLease(claimed, done.signal);
    try {
      const outcome = await channelOf(claimed.channel).deliver(claimed.message, deadline.signal);
      return outcome.outcome === 'unknown' && signal.aborted ? { ...outcome, cutOff: true } : outcome;
    } catch (error) {
      // A bug, mostly one that this message meets: it must not hold the lane for ever.
      log.error('channel-threw', { lane: id, message: claimed.message.key, error });
      const reason = 'the channel failed inside this program; the log says why';
      return { outcome: deadline.signal.aborted ? 'unknown' : 'rejected', reason };
    } finally {
      done.abort();
      await Promise.allSettled([grace, late]);
    }
  }

  async function renewLease(claimed: ClaimedMessage, done: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(RENEW_EVERY_MS, done);
        await store.renew(claimed, clock.now() + LEASE_MS);
      }
    } catch (error) {
      // Losing a lease costs at most a repeat under the same key, never a loss.
      if (!done.aborted) log.warn('lease-not-renewed', { lane: id, message: claimed.message.key, error });
    }
  }

  function logSettled(claimed: ClaimedMessage, outcome: DeliveryOutcome, settlement: Settlement): void {
    const { message, channel, attempt } = claimed;
    const fields = {
      channel,
      message: message.key,
      kind: message.facts.kind,
      part: message.part,
      parts: message.parts,
      attempt,
    };
    if (outcome.outcome === 'delivered') log.info('message-delivered', { ...fields, receipt: outcome.receipt });
    else if (settlement.state === 'dead') log.error('message-dead', { ...fields, reason: outcome.reason });
    else log.warn('message-not-delivered', { ...fields, outcome: outcome.outcome, reason: outcome.reason });
  }

  function count({ channel, message }: ClaimedMessage, { state, at }: Settlement): void {
    deps.meter?.settled(channel, state);
    if (state === 'delivered') for (const seen of seenAt(message.facts)) deps.meter?.told(channel, at - seen);
  }

  async function tell(
    notice: Omit<OperatorNotice, 'at' | 'event' | 'over'>,
    through: readonly string[],
  ): Promise<void> {
    if (await store.raise({ at: clock.now(), ...notice }, through)) deps.wakeAll();
  }

  async function tellDown(channel: string, reason: string): Promise<void> {
    idle.suspect();
    await tell({ code: 'lane-down', subject: channel, facts: { channel, reason } }, others);
  }

  /** A dead message about the operator's own trouble is in the log and in `deliveries`; telling of it would never end. */
  async function tellDead({ channel, message }: ClaimedMessage, reason: string): Promise<void> {
    if (message.facts.kind === 'operator') return;
    const facts = { channel, key: message.key, reason };
    await tell({ code: 'message-dead', subject: message.key, facts }, othersOrOwn);
  }

  async function tellLane(claimed: ClaimedMessage, outcome: DeliveryOutcome, settlement: Settlement): Promise<void> {
    const { channel } = claimed;
    if (outcome.outcome === 'delivered') {
      idle.delivered();
      await tellAlive();
      const told = { channel, refused: outcome.refused ?? [], now: clock.now() };
      if (await tellRefused(store, told, othersOrOwn)) deps.wakeAll();
      return;
    }
    const tooLong = 'upAgeMs' in settlement && settlement.upAgeMs >= DOWN_AFTER_MS;
    if (outcome.outcome === 'down' || tooLong) await tellDown(channel, outcome.reason);
  }

  /** All channels of the lane, since they share the hook or the login. */
  async function tellAlive(): Promise<void> {
    for (const name of names) if (await store.over('lane-down', name, clock.now(), others)) deps.wakeAll();
  }

  async function probeIdle(signal: AbortSignal): Promise<void> {
    const found = await idle.look(signal);
    if (found === null) return;
    lastSendAt = clock.monotonic();
    if (found.news === 'alive') return tellAlive();
    log.warn('lane-silent', { lane: id, reason: found.reason });
    await tellDown(spokenFor, found.reason);
  }

  return {
    id,
    channels: names,
    others,
    step: (signal) => step(signal, false),
    wake: wake.wake,
    rest() {
      isResting = true;
      wake.wake();
      return stepping;
    },
    async run(signal) {
      stepping = stepUntil(signal);
      await stepping;
      // Its owner takes an earlier end for trouble.
      await untilAborted(signal);
    },
  };

  async function stepUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !isResting) {
      deps.beat();
      const pause = await step(signal, true).then(
        (did) =>
          did.did === 'sent'
            ? 0
            : Math.min(IDLE_LOOK_MS, Math.max(0, (did.nextAt ?? Number.POSITIVE_INFINITY) - clock.now())),
        (error: unknown) => {
          if (!signal.aborted) log.error('lane-trouble', { lane: id, error });
          return TROUBLE_PAUSE_MS;
        },
      );
      if (pause > 0 && !isResting) await wake.wait(pause, signal).catch(() => undefined); // aborted: the loop ends
    }
  }
}

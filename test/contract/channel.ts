import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel, DeliveryOutcome } from '../../src/channels/channel.ts';
import { HOSTILE, sampleMessage } from '../support/sample-message.ts';

/** How the counterpart of a channel behaves. `asks-to-wait`: says for how long; `unread`: ends the connection before a message came. */
export type Counterpart =
  | 'accepts'
  | 'asks-to-wait'
  | 'in-trouble'
  | 'refuses-message'
  | 'gone'
  | 'cuts-after'
  | 'silent-after';

/** A channel joined to a counterpart on loopback. */
export interface ChannelRig {
  readonly channel: Channel;
  /** Texts that nothing shown may contain. */
  readonly secrets: readonly string[];
  behave(as: Counterpart): void;
  /** What the counterpart has read of each message so far, accepted or not. */
  received(): readonly string[];
  /** Resolves when the counterpart has read the next message. */
  nextReceived(): Promise<void>;
  /** Ends the counterpart: its port no longer answers. */
  stop(): Promise<void>;
}

const never = new AbortController().signal;
/** Where the counterpart can say for how long to wait, it says 7 seconds. */
export const WAIT_MS = 7_000;

/** What every channel promises to the lane; `open` is called for each case and its rig is closed after it. */
export function describeChannel(name: string, open: () => Promise<ChannelRig>): void {
  describe(`the channel ${name}`, () => {
    let rig: ChannelRig;
    beforeEach(async () => {
      rig = await open();
    });
    afterEach(async () => {
      await rig.channel.close();
      await rig.stop();
    });

    const outcomes: readonly (readonly [Counterpart, DeliveryOutcome['outcome']])[] = [
      ['accepts', 'delivered'],
      ['asks-to-wait', 'retry'],
      ['in-trouble', 'retry'],
      ['refuses-message', 'rejected'],
      ['gone', 'down'],
      ['cuts-after', 'unknown'],
    ];
    test.each(outcomes)('a counterpart that %s makes the outcome %s', async (as, outcome) => {
      rig.behave(as);
      expect(await rig.channel.deliver(sampleMessage(), never)).toMatchObject({ outcome });
    });

    test('a counterpart that is not there makes the outcome retry, since nothing was accepted', async () => {
      await rig.stop();
      expect(await rig.channel.deliver(sampleMessage(), never)).toMatchObject({ outcome: 'retry' });
      expect(await rig.channel.probe(never)).toMatchObject({ ok: false });
    });

    test('a stop before anything was sent sends nothing', async () => {
      expect(await rig.channel.deliver(sampleMessage(), AbortSignal.abort())).toMatchObject({ outcome: 'retry' });
      expect(rig.received()).toEqual([]);
    });

    test('a stop after the message was sent ends the wait at once and leaves the outcome unknown', async () => {
      rig.behave('silent-after');
      const stop = new AbortController();
      const read = rig.nextReceived();
      const delivery = rig.channel.deliver(sampleMessage(), stop.signal);
      await read;
      stop.abort();
      expect(await delivery).toMatchObject({ outcome: 'unknown' });
    });

    test('a repeat is the same bytes', async () => {
      rig.behave('cuts-after');
      await rig.channel.deliver(sampleMessage(), never);
      rig.behave('accepts');
      await rig.channel.deliver(sampleMessage(), never);
      const [first, second] = rig.received();
      expect(first).toContain('rw-abcdefghij');
      expect(second).toBe(first);
    });

    test('hostile text arrives as one message', async () => {
      const message = sampleMessage({ alias: HOSTILE, taskDetail: HOSTILE.repeat(20) });
      expect(await rig.channel.deliver(message, never)).toMatchObject({ outcome: 'delivered' });
      expect(rig.received().length).toBe(1);
    });

    test('a probe tells a counterpart that accepts from one that is gone, and sends no message', async () => {
      expect(await rig.channel.probe(never)).toEqual({ ok: true });
      rig.behave('gone');
      expect(await rig.channel.probe(never)).toMatchObject({ ok: false, reason: expect.stringMatching(/./) });
    });

    test('a probe that is stopped says so at once', async () => {
      expect(await rig.channel.probe(AbortSignal.abort())).toMatchObject({ ok: false });
    });

    test('nothing that is shown holds a secret', async () => {
      const shown: unknown[] = [rig.channel, rig.channel.lane];
      for (const [as] of outcomes) {
        rig.behave(as);
        shown.push(await rig.channel.deliver(sampleMessage(), never), await rig.channel.probe(never));
      }
      await rig.stop();
      shown.push(await rig.channel.deliver(sampleMessage(), never), await rig.channel.probe(never));
      const text = `${inspect(shown, { depth: 9, showHidden: true })}${JSON.stringify(shown)}`;
      for (const secret of rig.secrets) expect(text).not.toContain(secret);
    });

    test('a channel may be closed twice', async () => {
      await rig.channel.close();
      await rig.channel.close();
    });
  });
}

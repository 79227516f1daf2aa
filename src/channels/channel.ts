import type { Message } from '../model/message.ts';

/**
 * What became of one try, judged by the adapter that knows its vendor; the lane never looks at a status code or a text.
 * Each `reason` is one sentence fragment for people, without secrets.
 */
export type DeliveryOutcome =
  /**
   * The counterpart accepted it. `receipt` is what it answered (e.g. `ok`, `250 2.0.0 queued as …`); `refused` are recipients for whom it never
   * will.
   */
  | { readonly outcome: 'delivered'; readonly receipt: string; readonly refused?: readonly RefusedRecipient[] }
  /** Trouble of the channel: the lane pauses and tries the same message again, not before `afterMs` where the counterpart said so. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number; readonly resume?: string }
  /**
   * The answer did not come: it may have been accepted. Repeated under the same key. `cutOff`: the lane's own stop ended the try, which says
   * nothing about the channel.
   */
  | { readonly outcome: 'unknown'; readonly reason: string; readonly cutOff?: boolean }
  /** The hook is gone or the login fails: nothing can be delivered until someone acts. */
  | { readonly outcome: 'down'; readonly reason: string }
  /** Trouble of this message: tried once more as plain text, then dead. */
  | { readonly outcome: 'rejected'; readonly reason: string };

/** A recipient whom the counterpart refuses for good while others get the message, and what it said. */
export interface RefusedRecipient {
  readonly address: string;
  readonly said: string;
}

/** How much one message of this channel may hold; the composer cuts roll-ups by it. */
export interface MessageLimits {
  /** Tasks that are told on a line each, per message. */
  readonly linesPerMessage: number;
  /** Task ids that are named in groups, per message. */
  readonly idsPerMessage: number;
  /** Messages of one roll-up, the data-loss lines excepted. */
  readonly messagesPerRollUp: number;
}

export interface Channel {
  readonly name: string;
  /** The lane: channels of one hook or one SMTP login share it and have one message in flight together. Holds no secret. */
  readonly lane: string;
  readonly limits: MessageLimits;
  /** At least this long between two sends of the lane, in milliseconds. */
  readonly minGapMs: number;
  /** Sends one message; never throws for an expected failure. The signal is the send deadline or the service's stop. */
  deliver(message: Message, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** Asks the counterpart whether it would accept messages, without sending one. */
  probe(signal: AbortSignal): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;
  close(): Promise<void>;
}

import type { EpochMs } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';

/** The channels that every task event is routed to. */
export const CHANNELS = ['slack', 'mail'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** One request to the API as the counterpart saw it. */
export interface ApiRequest {
  /** Which process of the program asked, from 1. */
  readonly life: number;
  readonly account: string;
  /** The secret id. */
  readonly key: string;
  readonly at: EpochMs;
  readonly body: string;
  /** `live`: by status; `new`: by CreateTime alone; `ids`: by TaskIds; `history`: bounded by an EndDate. */
  readonly set: 'live' | 'new' | 'ids' | 'history';
  /** True for the first window of `live`, with which a poll begins. */
  readonly beginsPoll: boolean;
  readonly taskIds: readonly string[];
  /** null while, or where, no rows were answered. */
  answer: { readonly at: EpochMs; readonly spoiled: boolean; readonly rows: readonly VendorRow[] } | null;
}

/** One message that a counterpart took over. */
export interface Arrival {
  readonly life: number;
  readonly at: EpochMs;
  readonly channel: ChannelName;
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** True for the plain form, which follows a refusal of the rich one. */
  readonly plain: boolean;
  /** False where a fault kept the answer back, or gave it too late. */
  readonly answered: boolean;
}

/**
 * Where a process can die, told afterwards from the store and the counterparts' journal: three of a poll, three of a delivery. A process that
 * dies in both at once is counted for both.
 */
export const KILL_CLASSES = [
  'after read',
  'between page commits',
  "after the poll's end",
  'after claim',
  'accepted, not settled',
  'in a digest',
] as const;
export type KillClass = (typeof KILL_CLASSES)[number];

export interface Kill {
  readonly life: number;
  readonly at: EpochMs;
  readonly plan: string;
  /** Empty: none of them, e.g. while it started. */
  readonly classes: readonly KillClass[];
  /** Keys of the messages that the killed process had begun to send and not settled. */
  readonly sending: readonly string[];
}

/** A message in its first appearance at a counterpart, taken over or not. */
export interface Try {
  readonly channel: ChannelName;
  readonly key: string;
  readonly at: EpochMs;
}

/** A command that somebody gave, and that ended well: what it did was done at some moment between these. */
export interface Ack {
  readonly taskId: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface Mute extends Ack {
  /** When it ended. */
  readonly over: { readonly earliest: EpochMs; readonly latest: EpochMs };
}

/** What was done to one of several replicas, from its beginning to its end; one that was killed does not come back. */
export interface Upset {
  readonly kind: 'kill' | 'stop' | 'freeze' | 'cut' | 'hold';
  readonly life: number;
  /** The moment that was waited for. */
  readonly moment: string;
  readonly from: EpochMs;
  /** Infinity while it lasts. */
  to: EpochMs;
}

/** What replicas said of themselves in their logs. */
export interface Said {
  /** A poll was read and committed to its end. */
  readonly wholePolls: readonly { readonly life: number; readonly account: string; readonly at: EpochMs }[];
  /** It was recorded that a message was delivered. */
  readonly settled: readonly Pick<Arrival, 'life' | 'at' | 'channel' | 'key'>[];
  /** That it was not, as far as its sender knows. */
  readonly undelivered: readonly (Pick<Arrival, 'life' | 'at' | 'channel' | 'key'> & { readonly outcome: string })[];
  /** A unit was taken, or no longer worked for. */
  readonly leases: readonly {
    readonly life: number;
    readonly at: EpochMs;
    readonly unit: string;
    readonly taken: boolean;
    /** How often the unit has been taken, where this says that it was. */
    readonly fence: number;
  }[];
}

/** Everything that a run is judged by. */
export interface Journal {
  readonly requests: ApiRequest[];
  readonly arrivals: Arrival[];
  readonly kills: Kill[];
  readonly upsets: Upset[];
  /** null where one process at a time ran: what it says is not needed. */
  said: Said | null;
  readonly tries: Try[];
  readonly acks: Ack[];
  readonly mutes: Mute[];
  /** Keys of dead messages that somebody had sent again. */
  readonly requeued: Set<string>;
  /** The start of the last process, after which nothing fails any more; and when all was over. */
  calmFrom: EpochMs;
  end: EpochMs;
  /** What takes a moment may have taken so many of them: 1 on a machine of its own. */
  slowness: number;
}

/** Nothing has happened yet. */
export function emptyJournal(): Journal {
  return {
    requests: [],
    arrivals: [],
    kills: [],
    upsets: [],
    said: null,
    tries: [],
    acks: [],
    mutes: [],
    requeued: new Set(),
    calmFrom: Number.POSITIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
    slowness: 1,
  };
}

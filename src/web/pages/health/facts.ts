import { readingOf } from '../../../digest/compose-digest.ts';
import type { EpochMs } from '../../../lib/clock.ts';
import { createSchedule } from '../../../lib/schedule.ts';
import type { PollRecord } from '../../../model/poll.ts';
import type { AccountState, Beat, Episode } from '../../../store/store.ts';
import { pollIntervals } from '../../../watch/poll-intervals.ts';
import type { WebDeps } from '../../web-deps.ts';

export interface AccountHealth {
  readonly state: AccountState;
  /** False: what is pending there is not known. */
  readonly known: boolean;
}

export interface HealthFacts {
  readonly now: EpochMs;
  /** Those with trouble first. */
  readonly accounts: readonly AccountHealth[];
  /** Of the first accounts their newest polls, oldest first. */
  readonly ledger: readonly { readonly account: string; readonly polls: readonly PollRecord[] }[];
  /** Of all accounts, newest first. */
  readonly newest: readonly PollRecord[];
  readonly channels: readonly {
    readonly name: string;
    readonly downSince: EpochMs | null;
    readonly oldestAt: EpochMs | null;
  }[];
  readonly backlog: { readonly waiting: number; readonly dead: number };
  readonly digests: readonly {
    readonly name: string;
    readonly nextAt: EpochMs;
    readonly channels: readonly string[];
  }[];
  readonly episodes: readonly Episode[];
  readonly beats: readonly Beat[];
}

export const CHARTED_POLLS = 48;
const CHARTED_ACCOUNTS = 8;
const NEWEST = 30;

/** What the health page shows, read in a bounded number of small reads. */
export async function healthFacts({ view, config, clock }: WebDeps): Promise<HealthFacts> {
  const now = clock.now();
  const intervalOf = pollIntervals(config);
  const accounts = (await view.accounts())
    .map((state) => ({ state, known: readingOf(state, now, intervalOf).known }))
    .toSorted((a, b) => rank(a) - rank(b));
  const charted = accounts.slice(0, CHARTED_ACCOUNTS).map(({ state }) => state.account);
  const ledger = await Promise.all(
    charted.map(async (account) => ({
      account,
      polls: (await view.polls({ account, limit: CHARTED_POLLS })).filter(({ kind }) => kind === 'poll').toReversed(),
    })),
  );
  const episodes = await view.episodes();
  const oldest = new Map((await view.oldestWaiting()).map(({ channel, oldestAt }) => [channel, oldestAt]));
  return {
    now,
    accounts,
    ledger,
    newest: await view.polls({ limit: NEWEST }),
    channels: config.channels.map(({ name }) => ({
      name,
      downSince: episodes.find(({ code, subject }) => code === 'lane-down' && subject === name)?.since ?? null,
      oldestAt: oldest.get(name) ?? null,
    })),
    backlog: await view.backlog(),
    digests: config.digests.map((digest) => ({
      name: digest.name,
      nextAt: createSchedule(digest).nextRun(),
      channels: digest.channels,
    })),
    episodes,
    beats: await view.beats(),
  };
}

function rank({ state, known }: AccountHealth): number {
  if (state.blocked) return 0;
  return known ? 2 : 1;
}

import type { RefusedRecipient } from '../channels/channel.ts';
import type { EpochMs } from '../lib/clock.ts';
import type { Store } from '../store/store.ts';

interface Delivered {
  readonly channel: string;
  /** Everyone whom the counterpart refused for good, of a message that the others have. */
  readonly refused: readonly RefusedRecipient[];
  readonly now: EpochMs;
}

const CODE = 'recipient-refused';

/**
 * Tells whom an accepted message did not reach: one episode for each refused recipient, over with the first message of the channel that is
 * not refused for them. True if there is something new to send.
 */
export async function tellRefused(
  store: Pick<Store, 'raise' | 'over' | 'episodes'>,
  { channel, refused, now }: Delivered,
  operatorChannels: readonly string[],
): Promise<boolean> {
  let told = false;
  for (const { address, said } of refused) {
    const facts = { channel, recipient: address, reason: said };
    const notice = { at: now, code: CODE, subject: subjectOf(channel, address), facts } as const;
    if (await store.raise(notice, operatorChannels)) told = true;
  }
  const still = new Set(refused.map(({ address }) => subjectOf(channel, address)));
  for (const { code, subject } of await store.episodes()) {
    if (code !== CODE || !subject.startsWith(subjectOf(channel, '')) || still.has(subject)) continue;
    if (await store.over(CODE, subject, now, operatorChannels)) told = true;
  }
  return told;
}

/** A channel's name holds no space. */
function subjectOf(channel: string, address: string): string {
  return `${channel} ${address}`;
}

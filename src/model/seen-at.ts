import type { EpochMs } from '../lib/clock.ts';
import type { MessageFacts } from './message.ts';

/** When each thing that a message tells one by one was seen; nothing of digests and samples, which tell at a time of their own. */
export function seenAt(facts: MessageFacts): readonly EpochMs[] {
  if (facts.kind === 'task') return facts.entry.events.map(({ at }) => at);
  if (facts.kind === 'roll-up') return facts.lines.flatMap(({ events }) => events.map(({ at }) => at));
  return facts.kind === 'operator' ? facts.notices.map(({ at }) => at) : [];
}

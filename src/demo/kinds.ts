import type { Catalogue } from '../messages/catalogue.ts';
import type { LeftHow } from '../model/alert.ts';
import { DEMO_DIGEST } from './demo-configuration.ts';

/** What a demo must have shown. */
export const DEMO_KINDS = ['pending', 'changed', 'left', 'data loss', 'digest'] as const;
export type DemoKind = (typeof DEMO_KINDS)[number];

const HOWS: readonly LeftHow[] = ['processing', 'scheduled', 'ended', 'cancelled', 'avoided', 'unlisted', 'other'];
/** Stands where a title names its instance. */
const MARK = '\u0000';

/** What kinds of message a title that arrived announces, by the words of its language; none for others, e.g. roll-ups and reminders. */
export function kindsOf(title: string, { task, digest }: Catalogue): readonly DemoKind[] {
  const risky = startOf(task.dataLossTitle(MARK));
  const words = title.replace(/^(?:\p{Extended_Pictographic}|\ufe0f|\s)+/u, '');
  const mayLoseData = words.startsWith(risky);
  const plain = mayLoseData ? words.slice(risky.length) : words;
  const begins = (titles: readonly string[]): boolean => titles.some((each) => plain.startsWith(startOf(each)));
  const kinds: readonly (readonly [DemoKind, boolean])[] = [
    ['pending', begins([task.titlePending(MARK, false), task.titlePending(MARK, true)])],
    ['changed', begins([task.titleChanged(MARK)])],
    ['left', begins(HOWS.flatMap((how) => [task.titleLeft(how, MARK, false), task.titleLeft(how, MARK, true)]))],
    ['data loss', mayLoseData && begins([task.titlePending(MARK, false), task.titleChanged(MARK)])],
    ['digest', plain.startsWith(common(digest.titleNothing(DEMO_DIGEST), digest.titlePending(DEMO_DIGEST, 1, 0, 0)))],
  ];
  return kinds.filter(([, is]) => is).map(([kind]) => kind);
}

function startOf(title: string): string {
  return title.slice(0, title.indexOf(MARK));
}

/** What both begin with; the whole of one, if they share nothing, so that nothing matches by chance. */
function common(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length === 0 ? one : one.slice(0, length);
}

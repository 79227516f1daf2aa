import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { Lane } from './lanes.ts';
import { TIMELINE_WORDS } from './words.ts';

/** What each row of the timeline is for. */
export type LaneBy = 'account' | 'zone';

/** What the shapes of the marks mean. */
export function legend(speaker: Speaker): Html {
  const { legend: says } = TIMELINE_WORDS[speaker.language];
  return html`<ul class="legend"><li><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle class="mark" cx="8" cy="8" r="6"/></svg> ${says.safe}</li>
<li><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path class="mark risk" d="M8 0l8 8l-8 8l-8 -8z"/></svg> ${says.dataLoss}</li></ul>
`;
}

/** What a lane is called. */
export function nameOf({ name, lanes }: Lane, speaker: Speaker): string {
  const words = TIMELINE_WORDS[speaker.language];
  if (name === null) return words.others(lanes);
  return speaker.outside(name) || words.noZone;
}

/** Several tasks of one mark: the list of their lane. */
export function listPath({ name }: Lane, by: LaneBy, state: 'waiting' | 'closed'): string | null {
  if (name === null || name === '') return null;
  return `/?${new URLSearchParams({ [by]: name, ...(state === 'closed' && { status: 'closed' }) })}`;
}

import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { PollRecord } from '../../../model/poll.ts';
import { HEALTH_WORDS } from './words.ts';

const BAR = 8;
const HEIGHT = 44;

/** An account's newest polls as bars, the newest at the end. */
export function ledgerChart(account: string, polls: readonly PollRecord[], most: number, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const name = speaker.outside(account);
  const last = polls.findLast(({ endedAt }) => endedAt !== null);
  const throttles = polls.reduce((sum, poll) => sum + (poll.throttles ?? 0), 0);
  const longest = Math.max(1, ...polls.map(tookMs));
  const bars = polls.map((poll, i) => bar(poll, (most - polls.length + i) * BAR, longest, speaker));
  const says = last === undefined ? '' : words.figures(countText(last.requests), tookText(last, speaker), throttles);
  return html`<figure class="ledger"><figcaption><strong>${name}</strong> <span class="sub">${says}</span></figcaption>
<svg viewBox="0 0 ${most * BAR} ${HEIGHT + 2}" role="img" aria-label="${name}: ${says}" preserveAspectRatio="none">
${bars}</svg></figure>
`;
}

function bar(poll: PollRecord, x: number, longest: number, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const height = Math.max(3, Math.round((tookMs(poll) / longest) * (HEIGHT - 10)));
  const throttled = poll.throttles ?? 0;
  const result = words.results[poll.result ?? 'running'];
  const title = words.bar(
    speaker.time(poll.startedAt),
    result,
    countText(poll.requests),
    tookText(poll, speaker),
    throttled,
  );
  const whole = poll.result === 'complete' || poll.result === null;
  const mark = throttled > 0 ? html`<circle class="throttled" cx="${x + 3}" cy="3" r="2.5"/>` : null;
  return html`<g><title>${title}</title><rect class="${whole ? 'whole' : 'part'}" x="${x + 0.5}" y="${HEIGHT - height}" width="${BAR - 3}" height="${height}"/>${mark}</g>
`;
}

export function tookMs({ startedAt, endedAt }: PollRecord): number {
  return endedAt === null ? 0 : Math.max(0, endedAt - startedAt);
}

export function tookText(poll: PollRecord, speaker: Speaker): string {
  return HEALTH_WORDS[speaker.language].seconds((tookMs(poll) / 1000).toFixed(1));
}

/** After a kill nobody knows. */
export function countText(count: number | null): string {
  return count === null ? '?' : String(count);
}

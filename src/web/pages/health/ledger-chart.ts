import type { EpochMs } from '../../../lib/clock.ts';
import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { PollRecord } from '../../../model/poll.ts';
import { counting } from '../../pieces.ts';
import { HEALTH_WORDS } from './words.ts';

const BAR = 8;
const BAND = 40;
const BAR_MOST = 32;
/** Something is drawn of whatever is more than nothing. */
const BAR_LEAST = 3;

/** One measure of a poll; each has a scale of its own, since they have nothing in common but the poll. */
interface Band {
  readonly name: 'requests' | 'took' | 'throttles';
  /** Null: not known after a kill, or not over yet. */
  of(poll: PollRecord): number | null;
  say(most: number, speaker: Speaker): string;
}

const BANDS: readonly Band[] = [
  { name: 'requests', of: ({ requests }) => requests, say: String },
  { name: 'took', of: (poll) => (poll.endedAt === null ? null : tookMs(poll)), say: secondsText },
  { name: 'throttles', of: ({ throttles }) => throttles, say: String },
];

/** An account's newest polls as three bands of bars, the newest at the end; `polls` come oldest first, at most `most` of them. */
export function ledgerChart(
  account: string,
  polls: readonly PollRecord[],
  most: number,
  now: EpochMs,
  speaker: Speaker,
): Html {
  const words = HEALTH_WORDS[speaker.language];
  const name = speaker.outside(account);
  if (polls.length === 0)
    return html`<figure class="ledger"><figcaption>${name}</figcaption><p class="sub">${words.noPolls}</p></figure>
`;
  const bands = BANDS.map((band) => ({ ...band, ...scaleOf(band, polls, speaker) }));
  const says = bands.map((band) => words.bandSays(words.bands[band.name], band.reach));
  const columns = polls.map((poll, i) => column(poll, (most - polls.length + i) * BAR, bands, speaker));
  const labels = bands.map((band) => html`<p><strong>${words.bands[band.name]}</strong><br>${band.reach}</p>`);
  const lines = bands.map((_, i) => html`<path class="base" d="M0 ${(i + 1) * BAND - 1}H${most * BAR}"/>`);
  return html`<figure class="ledger"><figcaption>${name}</figcaption>
<div class="bands">${labels}<svg viewBox="0 0 ${most * BAR} ${BANDS.length * BAND}" role="img" aria-label="${name}: ${says.join('; ')}" preserveAspectRatio="none">
${lines}${columns}</svg><p class="ends">${ends(polls, now, speaker)}</p></div></figure>
`;
}

/** What a bar of full height stands for, as a number and in words. */
function scaleOf(
  band: Band,
  polls: readonly PollRecord[],
  speaker: Speaker,
): { readonly most: number; readonly reach: string } {
  const words = HEALTH_WORDS[speaker.language];
  const known = polls.map(band.of).filter((value) => value !== null);
  const most = Math.max(0, ...known);
  if (known.length === 0) return { most, reach: words.unknown };
  return { most, reach: most === 0 ? words.none : words.most(band.say(most, speaker)) };
}

function column(
  poll: PollRecord,
  x: number,
  bands: readonly (Band & { readonly most: number })[],
  speaker: Speaker,
): Html {
  const words = HEALTH_WORDS[speaker.language];
  const title = words.bar(
    speaker.time(poll.startedAt),
    words.results[poll.result ?? 'running'],
    countText(poll.requests),
    tookText(poll, speaker),
    poll.throttles ?? 0,
  );
  const whole = poll.result === 'complete' || poll.result === null;
  const bars = bands.map(({ of, most, name }, i) => {
    const value = of(poll);
    if (value === 0) return null;
    const height = Math.max(BAR_LEAST, Math.round(((value ?? 0) / Math.max(1, most)) * BAR_MOST));
    const look = name === 'throttles' ? 'throttled' : whole ? 'whole' : 'part';
    return html`<rect class="${value === null ? 'part' : look}" x="${x + 1}" y="${(i + 1) * BAND - 1 - height}" width="${BAR - 2}" height="${height}"/>`;
  });
  return html`<g><title>${title}</title>${bars}</g>
`;
}

/** How far back the bands reach. */
function ends(polls: readonly PollRecord[], now: EpochMs, speaker: Speaker): readonly Html[] {
  const [first, last] = [polls[0], polls.at(-1)];
  const shown = first === last ? [first] : [first, last];
  return shown.flatMap((poll) =>
    poll === undefined
      ? []
      : [html`<span>${counting(poll.startedAt, 'relative', speaker.relative(poll.startedAt, now))}</span>`],
  );
}

/** What the looks of the bars mean. */
export function ledgerLegend(speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const sample = (look: string, says: string): Html =>
    html`<li class="ledger"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="${look}" x="1" y="1" width="10" height="10"/></svg> ${says}</li>`;
  return html`<ul class="legend">${sample('whole', words.legend.whole)}${sample('part', words.legend.part)}${sample('throttled', words.legend.throttled)}</ul>
`;
}

export function tookMs({ startedAt, endedAt }: PollRecord): number {
  return endedAt === null ? 0 : Math.max(0, endedAt - startedAt);
}

export function tookText(poll: PollRecord, speaker: Speaker): string {
  return secondsText(tookMs(poll), speaker);
}

function secondsText(ms: number, speaker: Speaker): string {
  return HEALTH_WORDS[speaker.language].seconds((ms / 1000).toFixed(1));
}

/** After a kill nobody knows. */
export function countText(count: number | null): string {
  return count === null ? '?' : String(count);
}

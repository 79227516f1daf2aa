import type { EpochMs } from '../../../lib/clock.ts';
import { type Html, html } from '../../../lib/html.ts';
import { noticeWords } from '../../../messages/operator-document.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { tasksSeen } from '../../../model/poll.ts';
import type { Episode } from '../../../store/store.ts';
import { counting } from '../../pieces.ts';
import { cardTable } from './card-table.ts';
import { type AccountHealth, CHARTED_POLLS, type HealthFacts } from './facts.ts';
import { countText, ledgerChart, ledgerLegend, tookText } from './ledger-chart.ts';
import { HEALTH_WORDS } from './words.ts';

const TROUBLES_MAX = 50;

/** The main part of `/health`. */
export function healthPage(facts: HealthFacts, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  return html`<div class="head"><h1>${words.title}</h1></div>
${isWell(facts) ? html`<p class="notice good">${words.allWell}</p>` : null}${troubles(facts, speaker)}
<div class="stack">${accounts(facts, speaker)}${ledger(facts, speaker)}
<div class="halves">${channels(facts, speaker)}${digests(facts, speaker)}</div>${loops(facts, speaker)}</div>`;
}

function isWell({ accounts: all, channels: every, episodes, backlog, beats, now }: HealthFacts): boolean {
  return (
    all.length > 0 &&
    all.every(({ known }) => known) &&
    every.every(({ downSince }) => downSince === null) &&
    beats.every(({ at, withinMs }) => at + withinMs > now) &&
    episodes.length === 0 &&
    backlog.dead === 0
  );
}

function troubles({ episodes, backlog, ledger, now }: HealthFacts, speaker: Speaker): Html | null {
  const words = HEALTH_WORDS[speaker.language];
  if (episodes.length === 0 && backlog.dead === 0) return null;
  const lines = episodes.slice(0, TROUBLES_MAX).map((episode) => {
    const { since } = episode;
    const remedy = remedyOf(episode, ledger, speaker);
    return html`<li><strong>${troubleTitle(episode, speaker)}</strong> <span class="sub">${words.since(speaker.time(since), speaker.relative(since, now))}</span>${remedy === null ? null : html`<br>${remedy}`}</li>`;
  });
  const more = episodes.length - lines.length;
  return html`<section class="notice warn" aria-labelledby="troubles"><h2 id="troubles">${words.troubles}</h2><ul>${lines}${
    more > 0 ? html`<li>${words.moreTroubles(more)}</li>` : null
  }${backlog.dead > 0 ? html`<li>${words.dead(backlog.dead)}</li>` : null}</ul></section>
`;
}

/** A newer repairwatch on the same store may have told of what this one has no words for. */
function troubleTitle(
  { code, subject, since: at }: Pick<Episode, 'code' | 'subject' | 'since'>,
  speaker: Speaker,
): string {
  if (!Object.hasOwn(speaker.words.operator.titles, code)) return speaker.outside(`${code} ${subject}`);
  // An account or a channel, and what of it where that alone does not tell.
  const [name = '', ...rest] = subject.split(' ');
  const { title } = noticeWords({ event: 'operator', at, code, subject: name, over: false, facts: {} }, speaker);
  return rest.length === 0 ? title : `${title}${speaker.words.frame.colon}${speaker.outside(rest.join(' '))}`;
}

/** Why an account is blocked, as its last poll says, and what to do; null for everything else. */
function remedyOf(
  { code, subject, since: at }: Episode,
  ledger: HealthFacts['ledger'],
  speaker: Speaker,
): string | null {
  const reason = ledger.find(({ account }) => account === subject)?.polls.at(-1)?.reason ?? null;
  if (code !== 'account-blocked' || reason === null) return null;
  // The reason names the API's code already.
  const facts = { message: reason, code: '' };
  return noticeWords({ event: 'operator', at, code, subject, over: false, facts }, speaker).sentence;
}

function accounts({ accounts: all, now }: HealthFacts, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const moment = (at: EpochMs | null): Html =>
    at === null
      ? html`${words.never}`
      : html`${speaker.time(at)} <span class="sub">${counting(at, 'relative', speaker.relative(at, now))}</span>`;
  const rows = all.map((account) => {
    const { account: name, lastCompleteAt, checkpoint } = account.state;
    const readUpTo = checkpoint === null ? words.never : speaker.time(checkpoint);
    return [speaker.outside(name), stateTag(account, speaker), moment(lastCompleteAt), readUpTo];
  });
  const heads = [words.account, words.state, words.lastComplete, words.checkpoint];
  return cardTable('accounts', words.accounts, heads, rows);
}

function stateTag({ state, known }: AccountHealth, speaker: Speaker): Html {
  const { reads } = HEALTH_WORDS[speaker.language];
  if (state.blocked) return html`<span class="tag risk">${reads.blocked}</span>`;
  if (!known) return html`<span class="tag warn">${reads.unknown}</span>`;
  if (!state.backfillDone)
    return html`<span class="tag good">${reads.known}</span> <span class="tag">${reads.first}</span>`;
  return html`<span class="tag good">${reads.known}</span>`;
}

function ledger({ ledger: charted, newest, accounts: all, now }: HealthFacts, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const { columns } = words;
  const rest = all.length - charted.length;
  const rows = newest.map(
    (
      poll,
    ) => html`<tr><td class="num">${poll.id}</td><td>${speaker.outside(poll.account)}</td><td>${words.kinds[poll.kind]}</td><td>${speaker.time(poll.startedAt)}</td><td class="num">${poll.endedAt === null ? null : tookText(poll, speaker)}</td><td class="says">${words.results[poll.result ?? 'running']}${poll.reason === null ? null : html`<br><span class="sub">${speaker.outside(poll.reason, 400)}</span>`}</td><td class="num">${countText(poll.requests)}</td><td class="num">${countText(poll.throttles)}</td><td class="num">${countText(tasksSeen(poll.sets))}</td></tr>
`,
  );
  const numbers = [columns.poll, columns.took, columns.requests, columns.throttles, columns.tasks];
  const heads = [
    columns.poll,
    words.account,
    columns.kind,
    columns.began,
    columns.took,
    columns.result,
    columns.requests,
    columns.throttles,
    columns.tasks,
  ].map((head) => html`<th scope="col"${numbers.includes(head) ? html` class="num"` : null}>${head}</th>`);
  return html`<section class="card" aria-labelledby="polls"><h2 id="polls">${words.ledger}</h2>
${
  newest.length === 0
    ? html`<p>${words.noPolls}</p>`
    : html`<p class="sub">${words.ledgerSays(CHARTED_POLLS)}</p>
${ledgerLegend(speaker)}<div class="ledgers">${charted.map(({ account, polls }) => ledgerChart(account, polls, CHARTED_POLLS, now, speaker))}</div>
${rest > 0 ? html`<p class="sub">${words.moreAccounts(rest)}</p>` : null}
<details id="newest"><summary>${words.asTable}</summary><div class="table-wrap" tabindex="0" role="group" aria-label="${words.asTable}"><table>
<thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`
}</section>
`;
}

function channels({ channels: all, backlog, now }: HealthFacts, speaker: Speaker): Html {
  const words = HEALTH_WORDS[speaker.language];
  const rows = all.map(({ name, downSince, oldestAt }) => {
    const state =
      downSince === null
        ? html`<span class="tag good">${words.up}</span>`
        : html`<span class="tag risk">${words.downSince(speaker.time(downSince))}</span>`;
    const oldest =
      oldestAt === null ? words.nothingWaits : html`${counting(oldestAt, 'relative', speaker.relative(oldestAt, now))}`;
    return [name, state, oldest];
  });
  const waiting = html`<p class="sub">${words.waiting}${speaker.words.frame.colon}${backlog.waiting}</p>`;
  return cardTable('channels', words.channels, [words.channel, words.state, words.oldest], rows, waiting);
}

function digests({ digests: all, now }: HealthFacts, speaker: Speaker): Html | null {
  const words = HEALTH_WORDS[speaker.language];
  if (all.length === 0) return null;
  const rows = all.map(({ name, nextAt, channels: to }) => [
    name,
    html`${speaker.time(nextAt)} <span class="sub">${counting(nextAt, 'relative', speaker.relative(nextAt, now))}</span>`,
    speaker.words.names.list(to),
    html`<a href="/health/digests/${encodeURIComponent(name)}">${words.preview}</a>`,
  ]);
  return cardTable('digests', words.digests, [words.digest, words.next, words.channels, words.contents], rows);
}

function loops({ beats, now }: HealthFacts, speaker: Speaker): Html | null {
  const words = HEALTH_WORDS[speaker.language];
  if (beats.length === 0) return null;
  const lines = beats.map(({ loop, at, withinMs }) => {
    const silent = at + withinMs <= now ? html` <span class="tag risk">${words.silent}</span>` : null;
    return html`<li>${words.loop(speaker.outside(loop), speaker.relative(at, now))}${silent}</li>`;
  });
  return html`<details class="card" id="loops"><summary>${words.loops}</summary><ul>${lines}</ul></details>`;
}

import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { PENDING } from '../../../model/task.ts';
import type { Choice, Facets } from './facets.ts';
import { FILTERS, type Filter, OPEN, type WaitingQuery } from './query.ts';
import { WAITING_WORDS } from './words.ts';

/** The filters as a form whose state is the address; each choice says how many tasks it leaves. */
export function filterForm(query: WaitingQuery, facets: Facets, narrowed: boolean, speaker: Speaker): Html {
  const words = WAITING_WORDS[speaker.language];
  const selects = FILTERS.map(
    (filter) => html`<div><label for="f-${filter}">${words.filters[filter]}</label>
<select id="f-${filter}" name="${filter}">${options(filter, query, facets.choices[filter], speaker)}</select></div>
`,
  );
  return html`<details class="filters" id="filters"${narrowed ? html` open` : null}>
<summary>${words.filter}</summary>
<form method="get" action="/" role="search">
${selects}<div><label for="f-text">${words.filters.text}</label>
<input id="f-text" name="text" type="search" value="${query.text}" placeholder="${words.textHint}"></div>
<div class="send"><button>${words.apply}</button>${narrowed ? html`<a href="/">${words.clear}</a>` : null}</div>
</form>
</details>
`;
}

function options(filter: Filter, query: WaitingQuery, choices: readonly Choice[], speaker: Speaker): readonly Html[] {
  const words = WAITING_WORDS[speaker.language];
  const option = (value: string, text: string): Html =>
    value === query[filter]
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`;
  const counted = (value: string, name: string, tasks: number): Html => option(value, `${name} (${tasks})`);
  if (filter !== 'status')
    return [
      option('', words.all),
      ...choices.map(({ value, tasks }) => counted(value, nameOf(filter, value, speaker), tasks)),
    ];
  const all = choices.reduce((sum, { tasks }) => sum + tasks, 0);
  const waiting = choices.find(({ value }) => value === String(PENDING))?.tasks ?? 0;
  return [
    counted('', words.waiting, waiting),
    ...choices
      .filter(({ value }) => value !== String(PENDING))
      .map(({ value, tasks }) => counted(value, speaker.statusName(Number(value)), tasks)),
    counted(OPEN, words.open, all),
  ];
}

function nameOf(filter: Filter, value: string, speaker: Speaker): string {
  if (filter === 'type') return speaker.typeName({ taskTypeId: Number(value), taskTypeName: null });
  return speaker.outside(value);
}

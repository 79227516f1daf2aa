import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { Choice, Facets } from './facets.ts';
import { CLOSED, FILTERS, type Filter, OPEN, stateOf, type WaitingQuery } from './query.ts';
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
<form method="get" action="/" role="search" autocomplete="off">
${selects}<div><label for="f-text">${words.filters.text}</label>
<input id="f-text" name="text" type="search" value="${query.text}" placeholder="${words.textHint}"></div>
<div class="send"><button>${words.apply}</button>${narrowed ? html`<a href="/">${words.clear}</a>` : null}</div>
</form>
</details>
`;
}

function options(filter: Filter, query: WaitingQuery, choices: readonly Choice[], speaker: Speaker): readonly Html[] {
  const words = WAITING_WORDS[speaker.language];
  const option = ({ value, tasks }: Choice): Html => {
    const name = nameOf(filter, value, speaker);
    const text = tasks === null ? name : `${name} (${tasks})`;
    return value === query[filter]
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`;
  };
  if (filter !== 'status') return [option({ value: '', tasks: null }), ...choices.map(option)];
  const isOver = ({ value }: Choice): boolean => stateOf(value) === 'closed';
  return [
    html`<optgroup label="${words.groupOpen}">${choices.filter((choice) => !isOver(choice)).map(option)}</optgroup>`,
    html`<optgroup label="${words.groupClosed}">${choices.filter(isOver).map(option)}</optgroup>`,
  ];
}

function nameOf(filter: Filter, value: string, speaker: Speaker): string {
  const words = WAITING_WORDS[speaker.language];
  if (filter === 'status') {
    if (value === OPEN) return words.open;
    if (value === CLOSED) return words.closed;
    return value === '' ? words.waiting : speaker.statusName(Number(value));
  }
  if (value === '') return words.all;
  if (filter === 'type') return speaker.typeName({ taskTypeId: Number(value), taskTypeName: null });
  return speaker.outside(value);
}

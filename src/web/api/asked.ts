/** A request's query that cannot be answered; its message is one sentence for whoever wrote it. */
export class AskedWrongly extends Error {}

const LIMIT_MAX = 500;
const LIMIT = 100;
const VALUES_MAX = 100;
const TEXT_MAX = 200;
const SHOWN_MAX = 60;

/** Reads the parameters of one address: what is not known or makes no sense is refused, since a typing error would widen the answer. */
export class Asked {
  readonly #given: URLSearchParams;

  constructor(url: string, known: readonly string[]) {
    this.#given = new URL(url).searchParams;
    for (const name of this.#given.keys())
      if (!known.includes(name))
        throw new AskedWrongly(`There is no parameter "${shown(name)}" here; there are ${known.join(', ')}.`);
  }

  /** Each value of a parameter that may be repeated; empty: not given. */
  list(name: string): readonly string[] {
    const list = this.#given.getAll(name);
    if (list.length <= VALUES_MAX) return list;
    throw new AskedWrongly(`${name} is given ${list.length} times; give it at most ${VALUES_MAX} times.`);
  }

  numbers(name: string): readonly number[] {
    const list = this.list(name);
    const wrong = list.find((text) => !/^\d{1,9}$/.test(text));
    if (wrong !== undefined) throw new AskedWrongly(`${name} is "${shown(wrong)}"; it must be a number such as 1.`);
    return list.map(Number);
  }

  /** One of these words, or `otherwise` where it is not given. */
  word<T extends string, O>(name: string, words: readonly T[], otherwise: O): T | O {
    const text = this.text(name);
    if (text === null) return otherwise;
    const word = words.find((each) => each === text);
    if (word === undefined) throw new AskedWrongly(`${name} is "${shown(text)}"; it must be ${words.join(' or ')}.`);
    return word;
  }

  /** Names that must be among those that exist. */
  names(name: string, existing: readonly string[]): readonly string[] {
    const list = this.list(name);
    const stranger = list.find((text) => !existing.includes(text));
    if (stranger !== undefined)
      throw new AskedWrongly(`There is no ${name} "${shown(stranger)}"; there are ${existing.join(', ')}.`);
    return list;
  }

  text(name: string): string | null {
    const list = this.list(name);
    if (list.length > 1) throw new AskedWrongly(`${name} is given ${list.length} times; give it once.`);
    return list[0] ?? null;
  }

  /** What is looked for; empty: not given. */
  search(name: string): string {
    const text = this.text(name) ?? '';
    if (text.length > TEXT_MAX) throw new AskedWrongly(`${name} is too long; it may have ${TEXT_MAX} characters.`);
    return text;
  }

  limit(): number {
    const text = this.text('limit');
    const limit = text === null ? LIMIT : /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (limit >= 1 && limit <= LIMIT_MAX) return limit;
    throw new AskedWrongly(`limit is "${shown(text ?? '')}"; it must be a number from 1 to ${LIMIT_MAX}.`);
  }

  /** A cursor that is the number of a row. */
  before(): number | null {
    const text = this.text('after');
    if (text === null) return null;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw wrongCursor(text);
  }
}

export function wrongCursor(text: string): AskedWrongly {
  return new AskedWrongly(`after is "${shown(text)}", which no answer gave as next; leave it out to begin anew.`);
}

function shown(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

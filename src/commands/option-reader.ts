import { nearestName } from '../lib/nearest-name.ts';
import type { Names } from '../model/vocabulary.ts';

type Vocabulary = Readonly<Record<string | number, Names>>;

/** Reads options one after the other and keeps the first problem; what it returns after a problem is never used. */
export class OptionReader {
  /** A sentence with the value and what is allowed; null while all is well. */
  problem: string | null = null;
  /** What is taken as it is, but may not be meant. */
  readonly warnings: string[] = [];

  refuse(problem: string): void {
    this.problem ??= problem;
  }

  wholeNumber(option: string, text: string | undefined, preset: number, min: number, max: number): number {
    if (text === undefined) return preset;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    this.refuse(`${option} is "${text}"; it must be a whole number from ${min} to ${max}.`);
    return preset;
  }

  /** Numbers of one of the vendor's enumerations. A number that it does not have is only warned of: the lists have grown before. */
  codes(option: string, texts: readonly string[] | undefined, vocabulary: Vocabulary): readonly number[] {
    const known = Object.entries(vocabulary).map(([code, { en }]) => `${code} ${en}`);
    return distinct(texts).map((text) => {
      if (!/^\d{1,9}$/.test(text)) this.refuse(`${option} has "${text}"; it must have numbers: ${known.join(', ')}.`);
      else if (!Object.hasOwn(vocabulary, text)) this.#unknown(option, text, Object.keys(vocabulary));
      return Number(text);
    });
  }

  /** A word of one of the vendor's enumerations, or one that it may have by now. */
  word(option: string, text: string | undefined, known: readonly string[]): string | undefined {
    if (text === undefined) return undefined;
    if (text === '' || !isLine(text)) this.refuse(`${option} is "${text}"; it must be one of ${known.join(', ')}.`);
    else if (!known.includes(text)) this.#unknown(option, text, known);
    return text;
  }

  /** Ids; one of another form than `form` is only warned of. */
  ids(option: string, texts: readonly string[] | undefined, form: RegExp, example: string): readonly string[] {
    return this.texts(option, texts, example).map((text) => {
      if (!form.test(text)) this.warnings.push(`${option} has "${text}", which does not look like ${example}.`);
      return text;
    });
  }

  texts(option: string, texts: readonly string[] | undefined, example: string): readonly string[] {
    const list = distinct(texts);
    const wrong = list.find((text) => text === '' || !isLine(text));
    if (wrong !== undefined) this.refuse(`${option} has "${wrong}"; it must have texts such as ${example}.`);
    return list;
  }

  #unknown(option: string, text: string, known: readonly string[]): void {
    const near = nearestName(text, known);
    const hint = near === null ? known.join(', ') : `did you mean ${near}?`;
    this.warnings.push(`${option} has ${text}, which this version does not know (${hint}); it is used as it is.`);
  }
}

function distinct(texts: readonly string[] | undefined): readonly string[] {
  return [...new Set(texts)];
}

function isLine(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A value that must never be printed: every way of turning it into text gives `[secret]`.
 * Only `reveal()` gives the text, and only the adapter that sends it should call that.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** In UTF-16 units, to judge whether it can be guessed; not to be shown. */
  get length(): number {
    return this.#text.length;
  }

  /** Twelve hexadecimal digits that are the same for the same secret; enough to compare, useless to guess from. */
  fingerprint(): string {
    return createHash('sha256').update('repairwatch\n').update(this.#text).digest('hex').slice(0, 12);
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

import { cleanLine } from '../lib/clean-text.ts';
import { wrapToWidth } from '../lib/text-width.ts';

const INDENT = '    ';

/** A table, headings first, with each row's reason whole on lines of its own below it. */
export function withReasons(
  [head = '', ...lines]: readonly string[],
  reasons: readonly (string | null)[],
  columns: number,
): readonly string[] {
  const below = (reason: string | null | undefined): readonly string[] => {
    const text = cleanLine(reason ?? '');
    return text === '' ? [] : wrapToWidth(text, columns - INDENT.length).map((line) => INDENT + line);
  };
  return [head, ...lines.flatMap((line, i) => [line, ...below(reasons[i])])];
}

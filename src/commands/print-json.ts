import { escapeUnprintable } from '../lib/safe-text.ts';
import type { Screen } from './screen.ts';

/** JSON for programs that a terminal cannot misread either: marks that JSON lets pass are escaped. */
export function printJson(screen: Screen, value: unknown): void {
  screen.print(jsonText(value));
}

/** The same for an object whose last field is a long list: item by item, so that no text holds all of it. */
export function printJsonList<T>(
  screen: Screen,
  head: Readonly<Record<string, unknown>>,
  name: string,
  items: readonly T[],
  toJson: (item: T) => unknown,
): void {
  const opening = jsonText({ ...head, [name]: [] });
  screen.print(opening.slice(0, opening.lastIndexOf(']')));
  for (const [i, item] of items.entries()) {
    const lines = jsonText(toJson(item)).replaceAll('\n', '\n    ');
    screen.print(`    ${lines}${i < items.length - 1 ? ',' : ''}`);
  }
  screen.print('  ]\n}');
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).split('\n').map(escapeUnprintable).join('\n');
}

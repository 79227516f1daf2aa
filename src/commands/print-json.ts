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
  const list = openJsonList(screen, head, name);
  for (const item of items) list.item(toJson(item));
  list.end();
}

export interface JsonList {
  item(value: unknown): void;
  end(): void;
}

/** Such an object whose items come one after the other. */
export function openJsonList(screen: Screen, head: Readonly<Record<string, unknown>>, name: string): JsonList {
  const opening = jsonText({ ...head, [name]: [] });
  screen.print(opening.slice(0, opening.lastIndexOf(']')));
  // An item's comma depends on whether another one follows.
  let held: string | null = null;
  return {
    item(value) {
      if (held !== null) screen.print(`${held},`);
      held = `    ${jsonText(value).replaceAll('\n', '\n    ')}`;
    },
    end() {
      if (held !== null) screen.print(held);
      screen.print('  ]\n}');
    },
  };
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).split('\n').map(escapeUnprintable).join('\n');
}

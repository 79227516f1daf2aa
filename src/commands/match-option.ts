import { nearestName } from '../lib/nearest-name.ts';
import type { TaskMatch } from '../model/task-match.ts';
import { accountsNamed } from './accounts-named.ts';

/** What may be matched on the command line; `type` is short for the routes' `taskType`. */
const KEYS = ['account', 'type', 'product', 'zone', 'region', 'alias'] as const;
type Key = (typeof KEYS)[number];

/** `account=prod,zone=a,zone=b` as the routes write it, or what is wrong with it as a sentence. The same name more than once: any of the values. */
export function readMatch(
  written: readonly string[],
  accounts: readonly string[],
): TaskMatch | { readonly problem: string } {
  const values = new Map<Key, string[]>();
  for (const condition of written.flatMap((text) => text.split(','))) {
    const [key = '', ...rest] = condition.split('=');
    const value = rest.join('=').trim();
    const known = KEYS.find((each) => each === key.trim());
    if (known === undefined || value === '') return { problem: wrongCondition(condition, key.trim()) };
    values.set(known, [...(values.get(known) ?? []), value]);
  }
  const named = accountsNamed(values.get('account') ?? [], accounts);
  if ('problem' in named) return named;
  const types = values.get('type')?.map(Number);
  if (types?.some((type) => !Number.isInteger(type) || type < 1))
    return { problem: `--match has type=${values.get('type')?.join(',type=')}; a type is a number such as 101.` };
  const [alias, ...otherAliases] = values.get('alias') ?? [];
  if (otherAliases.length > 0) return { problem: '--match has more than one alias; make one mute for each.' };
  return { ...lists(values), ...(types && { taskType: types }), ...(alias !== undefined && { alias }) };
}

function lists(values: ReadonlyMap<Key, string[]>): TaskMatch {
  const given = (['account', 'product', 'zone', 'region'] as const).flatMap((key) => {
    const list = values.get(key);
    return list === undefined ? [] : [[key, list] as const];
  });
  return Object.fromEntries(given);
}

function wrongCondition(condition: string, key: string): string {
  const near = nearestName(key, KEYS);
  const hint = near === null || near === key ? `the names are ${KEYS.join(', ')}` : `did you mean ${near}?`;
  const says = `--match has "${condition}"; a condition is NAME=VALUE, ${hint}`;
  return says.endsWith('?') ? says : `${says}.`;
}

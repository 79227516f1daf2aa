import { matchesPattern } from '../model/task-match.ts';
import { type Named, namesAt, sameNames, unknownNames } from './named.ts';
import type { Finding, Path } from './problem.ts';
import { isMapping, type Raw, rawAt, rawEntries, rawItems } from './raw.ts';
import { shownValue } from './shown-value.ts';
import type { Source } from './source.ts';

/** What is wrong among the entries of `accounts`, and between them and the routes: each finding is about options that are well formed alone. */
export function accountEntries(source: Source): readonly Finding[] {
  const entries = rawItems(rawAt(source.raw, ['accounts']));
  const names = entries.flatMap((entry, index) => namesOf(source, entry, index));
  const known = names.map(({ name }) => name);
  const has = (pattern: string): boolean => known.some((name) => matchesPattern(pattern, name));
  return [
    ...sameNames(source, names),
    ...entries.flatMap((entry, index) =>
      isMapping(entry)
        ? [...oneOrMany(entry, index), ...roles(source, entry, index), ...halfKey(source, entry, index)]
        : [],
    ),
    ...rawItems(rawAt(source.raw, ['routes'])).flatMap((_, index) =>
      unknownNames(source, ['routes', index, 'match', 'account'], 'account', known, has),
    ),
  ];
}

function namesOf(source: Source, entry: Raw, index: number): readonly Named[] {
  const own = namesAt(source, ['accounts', index, 'name']);
  const many = rawEntries(rawAt(entry, ['each']));
  return [...own, ...many.map(([name]) => ({ name, path: ['accounts', index, 'each', name], isKey: true }))];
}

type Entry = Readonly<Record<string, Raw>>;

function oneOrMany(entry: Entry, index: number): readonly Finding[] {
  const [hasName, hasEach] = [entry['name'] !== undefined, entry['each'] !== undefined];
  const path = ['accounts', index, 'name'];
  if (hasName && hasEach) return [{ path, says: 'is set, and each too; set name for one account, or each for many' }];
  if (hasName || hasEach) return [];
  return [{ path, says: 'is missing; it must be a name, or list the names of many accounts in each' }];
}

const UIN = '{uin}';
const EXAMPLE = 'it must be a role such as qcs::cam::uin';

/** Whose role each account of the entry is read by. */
function roles(source: Source, entry: Entry, index: number): readonly Finding[] {
  const path = ['accounts', index, 'assumeRole', 'roleArn'];
  const role = rawAt(source.raw, path);
  const hasUin = typeof role === 'string' && role.includes(UIN);
  if (entry['each'] === undefined) {
    if (hasUin)
      return [
        { path, says: `${shownValue(source, path)}; ${UIN} stands for what is listed in each, so write the UIN` },
      ];
    if (role !== undefined || !isMapping(entry['assumeRole'])) return [];
    return [{ path, says: `is missing; ${EXAMPLE}/100000000001:roleName/repairwatch` }];
  }
  const many = rawEntries(entry['each']).filter(([, value]) => /^\d+$/.test(String(value)));
  if (many.length === 0 || hasUin || (role !== undefined && typeof role !== 'string')) return [];
  const needs = `${EXAMPLE}/${UIN}:roleName/repairwatch, by which each account is read`;
  return [{ path, says: role === undefined ? `is missing; ${needs}` : `${shownValue(source, path)}; ${needs}` }];
}

function halfKey({ names }: Source, entry: Entry, index: number): readonly Finding[] {
  const has = (option: string) => entry[option] !== undefined;
  const missing = (option: string, other: string) => {
    const set = names.get(`accounts[${index}].${other}`) ?? other;
    const path: Path = ['accounts', index, option];
    return {
      path,
      says: `is missing; ${set} is set, and a key is both or neither (for the official credential chain)`,
    };
  };
  if (has('secretId') !== has('secretKey')) {
    return [has('secretId') ? missing('secretKey', 'secretId') : missing('secretId', 'secretKey')];
  }
  return has('token') && !has('secretId') ? [missing('secretId', 'token')] : [];
}

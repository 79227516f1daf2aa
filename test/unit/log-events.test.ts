import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LEVELS = ['debug', 'info', 'warn', 'error'];
/** Any call of a log, up to what follows its parenthesis. */
const CALL = /\b\w*log(?:\.(debug|info|warn|error)|\[([^\]]*)\])\(\s*([^\n]*)/gi;
const CONSTANT = /^'([a-z]+(?:-[a-z]+)*)'[,)]/;

interface Call {
  readonly where: string;
  readonly levels: readonly string[];
  readonly argument: string;
}

const isCode = (line: string): boolean => !/^\s*(?:\*|\/[/*])/.test(line);

function calls(): readonly Call[] {
  const files = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const code = readFileSync(`${ROOT}src/${file}`, 'utf8').split('\n').filter(isCode).join('\n');
    return [...code.matchAll(CALL)].map(([, level, chosen = '', argument = '']) => ({
      where: file,
      levels: level === undefined ? LEVELS.filter((each) => chosen.includes(`'${each}'`)) : [level],
      argument,
    }));
  });
}

it('every line of the log has a constant event in kebab-case', () => {
  expect(calls().length).toBeGreaterThan(50);
  expect(calls().filter(({ argument }) => !CONSTANT.test(argument))).toEqual([]);
});

it('docs/operations.md lists every event with its levels, and no other', () => {
  const levelsOf = new Map<string, Set<string>>();
  for (const { levels, argument } of calls()) {
    const event = CONSTANT.exec(argument)?.[1] ?? argument;
    levelsOf.set(event, new Set([...(levelsOf.get(event) ?? []), ...levels]));
  }
  const inOrder = (levels: Iterable<string>): string => [...levels].toSorted().join(' ');
  const [, section = ''] = readFileSync(`${ROOT}docs/operations.md`, 'utf8').split('\n## The log\n');
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([\w-]+)` \| ([^|]+) \|/gm)];
  const listed = rows.map(
    ([, event = '', says = '']) => `${event}: ${inOrder(LEVELS.filter((level) => says.includes(level)))}`,
  );
  expect(listed.toSorted()).toEqual([...levelsOf].map(([event, levels]) => `${event}: ${inOrder(levels)}`).toSorted());
});

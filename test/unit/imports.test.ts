import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const BASE = ['lib/', 'model/'];
const PORTS = ['poll/task-reader.ts', 'store/store.ts', 'store/store-error.ts', 'channels/channel.ts'];
const FLOW = ['poll/', 'outbox/', 'digest/', 'reminder/', 'replica/', 'watch/'];
const ROOTS = ['app.ts', 'parts.ts', 'take-up.ts'];
const JOINED = ['app.ts', 'service.ts', 'once.ts', 'reload.ts'];
const REGISTRIES = ['channels/registry.ts', 'store/registry.ts'];

/** Each place and what it may import besides itself. A place is a file, or a folder with `/` at its end; the longest that fits a file counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/': [],
  'model/': ['lib/'],
  'messages/': BASE,
  'config/config.ts': BASE,
  'config/': [...BASE, 'config/config.ts'],
  ...sameFor(PORTS, [...BASE, 'config/config.ts']),
  ...sameFor(FLOW, [...BASE, 'config/config.ts', ...PORTS, ...FLOW]),
  'store/': [...BASE, 'config/config.ts', 'store/store.ts', 'store/store-error.ts'],
  'store/store.ts': [...BASE, 'store/port/'],
  'store/port/': BASE,
  'tencent/': [...BASE, 'config/config.ts', 'poll/task-reader.ts'],
  'channels/*/': [...BASE, 'config/config.ts', 'messages/', 'channels/channel.ts'],
  'channels/registry.ts': [...BASE, 'config/config.ts', 'messages/', 'channels/channel.ts', 'channels/*/'],
  'story/': [...BASE, 'messages/', 'store/store.ts'],
  'web/': [
    ...BASE,
    'config/config.ts',
    'messages/',
    'json/',
    'story/',
    'store/store.ts',
    'store/store-error.ts',
    'digest/',
    'watch/',
  ],
  'json/': [...BASE, 'store/store.ts', 'story/'],
  'sandbox/': BASE,
  'demo/': [...BASE, 'messages/', 'sandbox/'],
  ...sameFor(ROOTS, [
    ...[...BASE, 'config/config.ts', ...PORTS, ...FLOW, ...REGISTRIES, 'store/', 'tencent/', 'messages/', 'web/'],
    ...ROOTS,
  ]),
  ...sameFor(
    ['service.ts', 'once.ts', 'reload.ts'],
    [...BASE, 'config/config.ts', ...FLOW, ...PORTS, 'app.ts', 'reload.ts'],
  ),
  'commands/': [
    ...BASE,
    ...['config/', 'config/config.ts', 'messages/', 'json/', 'story/', 'store/', 'tencent/', 'sandbox/', 'demo/'],
    ...[...PORTS, ...FLOW, ...REGISTRIES, ...JOINED],
  ],
  'cli.ts': [...BASE, 'commands/', 'store/store-error.ts', 'store/'],
  'bin.ts': ['cli.ts'],
};

/** Where each foreign package is imported; more than one place only for the reason beside it. */
const PACKAGE_PLACES: Readonly<Record<string, readonly string[]>> = {
  '@slack/webhook': ['channels/slack/'],
  '@hono/node-server': ['web/'],
  commander: ['cli.ts', 'commands/'], // the program and its commands are one tree of options
  hono: ['web/'],
  'node-cron': ['lib/'],
  nodemailer: ['channels/email/'],
  pg: ['store/'],
  pino: ['lib/'],
  'postal-mime': ['sandbox/'],
  'prom-client': ['web/'],
  'smtp-server': ['sandbox/'],
  undici: ['lib/', 'tencent/', 'channels/slack/'], // one exchange with a deadline; how the API is connected to; the fetch that @slack/webhook wants
  yaml: ['config/'],
  zod: ['config/'],
};

interface Import {
  /** Below src/. */
  readonly file: string;
  readonly from: string;
}

const IMPORT = /^(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({ file, from: match[1] ?? match[2] ?? match[3] ?? '' }));
}

/** What is wrong with an import, as a sentence; null if nothing. */
function problemOf({ file, from }: Import): string | null {
  if (from.startsWith('node:')) return null;
  if (!from.startsWith('.')) return packageProblem(file, from);
  const target = join(dirname(file), from);
  if (!target.endsWith('.ts')) return `src/${file} imports '${from}' without its .ts`;
  const [here, there] = [placeOf(file), placeOf(target)];
  if (here === null) return `src/${file} is in no place that this test knows; give it one`;
  if (there === null) return `src/${file} imports '${from}', which is in no place that this test knows`;
  if (here.own === there.own || MAY_IMPORT[here.rule]?.includes(there.rule)) return null;
  return `src/${file} imports '${from}', but ${here.own} may not import ${there.own}`;
}

function packageProblem(file: string, from: string): string | null {
  const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
  const places = PACKAGE_PLACES[name];
  if (places === undefined) return `src/${file} imports '${from}', a package that has no place yet`;
  if (places.some((place) => file === place || (place.endsWith('/') && file.startsWith(place)))) return null;
  return `src/${file} imports '${from}', but ${name} belongs to ${places.join(', ')}`;
}

/** `own`: the place itself, so that two channels are two places; `rule`: its key in the table. */
function placeOf(file: string): { readonly own: string; readonly rule: string } | null {
  const channel = /^channels\/[^/]+\//.exec(file)?.[0];
  if (channel !== undefined) return { own: channel, rule: 'channels/*/' };
  const fitting = Object.keys(MAY_IMPORT).filter((key) => file === key || (key.endsWith('/') && file.startsWith(key)));
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? null : { own: longest, rule: longest };
}

function sameFor(places: readonly string[], may: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(places.map((place) => [place, may]));
}

function sources(): Import[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => importsOf(file, readFileSync(join(ROOT, 'src', file), 'utf8')));
}

describe('imports', () => {
  it('go one way only, and each foreign package is imported in its place', () => {
    const problems = sources().map(problemOf);
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  it('use every dependency of package.json', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>; // npm's own shape
    };
    const used = sources().map(({ from }) => from);
    const unused = Object.keys(dependencies).filter((name) => !used.some((from) => `${from}/`.startsWith(`${name}/`)));
    expect(unused).toEqual([]);
    expect(Object.keys(PACKAGE_PLACES).toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it.each([
    ['poll/poll.ts', "import { x } from '../tencent/client.ts';", 'poll/ may not import tencent/'],
    ['lib/log.ts', "import type {\n  X,\n} from '../model/task.ts';", 'lib/ may not import model/'],
    [
      'channels/slack/slack.ts',
      "export { x } from '../email/email.ts';",
      'channels/slack/ may not import channels/email/',
    ],
    ['store/sqlite.ts', "const x = await import('../poll/poll.ts');", 'store/ may not import poll/'],
    ['app.ts', "import { x } from './commands/run.ts';", 'app.ts may not import commands/'],
    ['outbox/lane.ts', "import { fetch } from 'undici';", 'undici belongs to'],
    ['lib/log.ts', "import 'left-pad/now';", 'a package that has no place yet'],
  ])('that %s would have wrongly are found: %s', (file, text, says) => {
    const problems = importsOf(file, text).map(problemOf);
    expect(problems).toEqual([expect.stringContaining(says)]);
    expect(problems[0]).toContain(`src/${file} imports '`);
  });
});

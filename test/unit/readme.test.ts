import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommands } from '../../src/commands/all.ts';
import { ENVIRONMENT_VARIABLES } from '../../src/config/environment-variables.ts';
import { loadConfig } from '../../src/config/load.ts';
import { SMALLEST_CONFIGURATION } from '../../src/demo/smallest-configuration.ts';
import { TASK_EVENTS } from '../../src/model/alert.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = textOf('README.md');
const DOCUMENTS = ['README.md', 'docs/operations.md', 'docs/decisions.md', 'CHANGELOG.md'];

/** The text under a heading, up to the next one of the same or a higher level. */
function sectionOf(heading: string): string {
  const [, text = ''] = new RegExp(`^#+ ${heading}$([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(readme) ?? [];
  return text;
}

/** The code spans in the first cells of a section's table rows. */
function firstCells(section: string): string[] {
  const rows = sectionOf(section).match(/^\| `.*$/gm) ?? [];
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
}

function codeBlocks(language: string, text = readme): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);
}

const manifest = JSON.parse(textOf('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}; // npm's own shape

/** The variables that the sources name, in capital letters. */
function variablesInSource(): Set<string> {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
  const texts = files.map((file) => textOf(join('src', file)));
  const read = texts.flatMap((text) => [...text.matchAll(/\benv\['(\w+)'\]/g)].map(([, name = '']) => name));
  const official = texts.flatMap((text) => text.match(/(?<=')(?:TENCENTCLOUD|TKE|REPAIRWATCH)_[A-Z_]+(?=')/g) ?? []);
  const tables = ENVIRONMENT_VARIABLES.map(({ name }) => name);
  return new Set([...read, ...official, ...tables].map((name) => name.toUpperCase()));
}

/** PATH only finds the program's own Node; undici itself reads the proxy variables for Slack. */
const OF_THE_SYSTEM = ['PATH'];

function commandNames(): string[] {
  const program = new Command();
  const nothing = (): undefined => undefined;
  addCommands(program, { env: {}, columns: 80, colour: false, print: nothing, complain: nothing }, nothing);
  return program.commands.map((command) => command.name());
}

describe('README', () => {
  it('shows on its first screen the promises, the two commands and a configuration that works', () => {
    const first = readme.slice(0, readme.indexOf('## 中文简介'));
    for (const promise of ['Nothing pending is missed', 'Nothing known is lost', 'Silence means'])
      expect(first).toContain(`**${promise}`);
    expect(codeBlocks('sh', first)[0]).toBe('npm ci && npm run demo\nnpm ci && npm test\n');
    const [yaml = ''] = codeBlocks('yaml', first);
    expect(yaml).toBe(SMALLEST_CONFIGURATION);
    const exported = [...first.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name);
    const env = Object.fromEntries(exported.map((name) => [name, `https://hooks.slack.com/services/${name}`]));
    const loaded = loadConfig({ path: 'repairwatch.yaml', env, readFile: () => yaml });
    expect(loaded).toMatchObject({ ok: true, config: { remindersMs: [86_400_000, 14_400_000, 3_600_000] } });
  });

  it('names only npm scripts and files that exist', () => {
    const scripts = DOCUMENTS.flatMap((path) =>
      [...textOf(path).matchAll(/\bnpm (?:run )?(test(?::\w+)?|(?<=run )[a-z:]+)/g)].map(([, name = '']) => name),
    );
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
    const links = DOCUMENTS.flatMap((path) =>
      [...textOf(path).matchAll(/\]\((?!https?:|#)([^)]+)\)|<img src="([^"]+)"/g)].map(([, link, image]) =>
        join(path, '..', link ?? image ?? ''),
      ),
    );
    const paths = [...readme.matchAll(/`((?:src|test|config|docs|\.ci)\/[\w./-]+)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !path.includes('NAME'));
    expect([...links, ...paths].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('lists exactly the variables that the sources read, and which may come from a file', () => {
    const listed = firstCells('Configuration');
    expect(listed.toSorted()).toEqual(
      [...variablesInSource()].filter((name) => !OF_THE_SYSTEM.includes(name)).toSorted(),
    );
    const fromFile = [...readme.matchAll(/^\| `(\w+)` \| ✓ \|/gm)].map(([, name]) => name);
    expect(fromFile).toEqual(ENVIRONMENT_VARIABLES.filter(({ orFile }) => orFile).map(({ name }) => name));
  });

  it('lists exactly the commands and the events of the program', () => {
    expect(firstCells('Commands').toSorted()).toEqual(commandNames().toSorted());
    expect(firstCells('How it works')).toEqual([...TASK_EVENTS]);
  });

  it('tells the Node and the exit codes that the program means', () => {
    expect(readme).toContain(`Node ${manifest.engines.node.replace(/\D/g, '')} or newer`);
    const codes = textOf('src/commands/exit-code.ts')
      .match(/export type ExitCode = (.*);/)?.[1]
      ?.split(' | ');
    expect(sectionOf('Commands').match(/(?<=^\| )\d(?= \|)/gm)).toEqual(codes);
  });

  it('shows each picture, all of them small', () => {
    const shown = [...readme.matchAll(/docs\/images\/([\w-]+\.png)/g)].map(([, name]) => name);
    expect(shown.toSorted()).toEqual(readdirSync(join(ROOT, 'docs/images')).toSorted());
    for (const name of shown) expect(readFileSync(join(ROOT, 'docs/images', name ?? '')).length).toBeLessThan(150_000);
  });
});

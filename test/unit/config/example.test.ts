import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { schemaText } from '../../../scripts/schema.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { accepted } from './load-text.ts';

const example = readFileSync('config/repairwatch.example.yaml', 'utf8');

/** What the walk needs of a JSON Schema. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
  readonly description?: string;
}

/** Dotted names of all options; `*` stands for a name that the user chooses, list items for their list. */
function options(node: Node, path = ''): readonly { readonly path: string; readonly node: Node }[] {
  const { properties = {}, items, oneOf = [], additionalProperties } = node;
  const chosen = typeof additionalProperties === 'object' ? options(additionalProperties, `${path}.*`) : [];
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => {
      const own = path === '' ? key : `${path}.${key}`;
      return [{ path: own, node: inner }, ...options(inner, own)];
    }),
    ...(items === undefined ? [] : options(items, path)),
    ...oneOf.flatMap((inner) => options(inner, path)),
    ...chosen,
  ];
}

function written(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => written(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = path === 'channels' ? 'channels.*' : path === '' ? key : `${path}.${key}`;
    return [own, ...written(inner, own)];
  });
}

describe('the example', () => {
  it('is accepted, with the warnings that it deserves', () => {
    const { config, warnings } = accepted(example, {
      env: {
        PROD_SECRET_ID: 'AKID1',
        PROD_TOKEN: 't',
        SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x',
        SMTP_URL: 'smtps://user:password@smtp.example.com',
        HEARTBEAT_URL: 'https://hc.example/x',
        HTTP_TOKEN: 'correct-horse-battery-staple',
      },
      files: { '/run/secrets/prod_key': 'k\n' },
    });
    expect(config.accounts.map(({ name }) => name)).toEqual(['prod', 'games', 'shop-cn', 'shop-sg']);
    expect(warnings).toEqual([]);
  });

  it('tells editors where its schema is', () => {
    expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
  });

  it('has every option', () => {
    // The schema's own type is wider than what the walk reads of it.
    const all = options(z.toJSONSchema(configSchema, { io: 'input' }) as Node);
    const shown = new Set(written(parse(example)));
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(({ path }) => !shown.has(path)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the JSON Schema', () => {
  it('is the one that the program uses; `npm run schema` writes it', () => {
    expect(readFileSync('config/schema.json', 'utf8')).toBe(schemaText());
  });

  it('describes every option but the word that names a kind', () => {
    const all = options(z.toJSONSchema(configSchema, { io: 'input' }) as Node);
    expect(all.filter(({ node }) => !node.description).map(({ path }) => path)).toEqual([
      'channels.*.type',
      'channels.*.type',
    ]);
  });
});

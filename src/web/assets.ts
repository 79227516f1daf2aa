import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Routes } from './web-app.ts';

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };
const NAMES = ['page.css', 'page.js', 'stream.js', 'icon.svg'] as const;
type AssetName = (typeof NAMES)[number];

/** The stylesheet's parts, in the order in which they overrule one another. */
const STYLES = [
  'tokens',
  'base',
  'layout',
  'pieces',
  'forms',
  'clock',
  'list',
  'first',
  'task',
  'timeline',
  'health',
  'print',
];

/** One file for browsers, whose parts are for people. */
const PARTS: Readonly<Record<AssetName, readonly string[]>> = {
  'page.css': STYLES.map((part) => `css/${part}.css`),
  'page.js': ['page.js'],
  'stream.js': ['stream.js'],
  'icon.svg': ['icon.svg'],
};

const assets = Object.fromEntries(
  NAMES.map((name) => {
    const body = Buffer.concat(PARTS[name].map((part) => readFileSync(new URL(`assets/${part}`, import.meta.url))));
    const mark = createHash('sha256').update(body).digest('hex').slice(0, 12);
    return [name, { body, mark }];
  }),
);

/** An asset's address, which changes with its content, so that browsers may keep it. */
export function assetPath(name: AssetName): string {
  return `/assets/${assets[name]?.mark}/${name}`;
}

export const assetRoutes: Routes = (app) => {
  app.get('/assets/:mark/:name', (c) => {
    const { mark, name } = c.req.param();
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (asset === undefined || asset.mark !== mark) return c.notFound();
    const ending = name.slice(name.lastIndexOf('.') + 1);
    return c.body(new Uint8Array(asset.body), 200, {
      'Content-Type': TYPES[ending as keyof typeof TYPES], // each name above ends with one of them
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
};

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { assetPath } from '../../../src/web/assets.ts';
import { openWebStage } from '../../support/web-stage.ts';

const WEB = 'src/web';
const LINES_MAX = 250;

const styles = globSync(`${WEB}/**/*.css`).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const code = globSync(`${WEB}/**/*.{ts,js}`)
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** The classes that rules name. */
const styled = new Set(
  styles.flatMap(({ text }) => {
    const selectors = text.replaceAll(/\/\*[\s\S]*?\*\/|"[^"]*"|\{[^{}]*\}/g, ' ');
    return [...selectors.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name ?? '');
  }),
);

/** The classes that markup writes out; an expression's own words are strings of the code. */
const written = [...code.matchAll(/class="([^"]*)"/g)].flatMap(([, list = '']) =>
  list
    .replaceAll(/\$\{[^}]*\}/g, ' ')
    .split(/\s+/)
    .filter((word) => /^[a-z][\w-]*$/.test(word)),
);
const strings = new Set([...code.matchAll(/'\s?([a-z][\w-]*)'/g)].map(([, word]) => word));

test('every class of a rule is written by a page', () => {
  expect(styled.size).toBeGreaterThan(50);
  expect([...styled].filter((name) => !written.includes(name) && !strings.has(name))).toEqual([]);
});

test('every class of a page has a rule', () => {
  expect(new Set(written).size).toBeGreaterThan(50);
  expect([...new Set(written)].filter((name) => !styled.has(name))).toEqual([]);
});

test('every variable of a rule is set, and every one that is set is used', () => {
  const all = styles.map(({ text }) => text).join('\n');
  const used = new Set([...all.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
  const set = new Set([...all.matchAll(/^\s*(--[\w-]+):/gm)].map(([, name]) => name));
  expect([...used].toSorted()).toEqual([...set].toSorted());
});

test('each part of the stylesheet fits in a head, and is served', async () => {
  expect(styles.filter(({ text }) => text.split('\n').length > LINES_MAX).map(({ path }) => basename(path))).toEqual(
    [],
  );
  const served = await (await (await openWebStage()).get(assetPath('page.css'))).text();
  for (const { path, text } of styles) expect([path, served.includes(text)]).toEqual([path, true]);
});

import { expect, it } from 'vitest';
import { keepFixed } from '../../../src/config/keep-fixed.ts';
import { accepted } from './load-text.ts';

const configuration = (more: string) =>
  accepted(`accounts: [{ name: prod }]
channels: { s: { type: slack, url: "https://hooks.slack.com/services/T/B/x" } }
${more}`).config;

it('everything but the store and the place of the page is the new configuration’s', () => {
  const running = configuration('http: { token: old }');
  const next = configuration('http: { token: new, publicUrl: "https://r.example" }\nreminders: [2h]\nlanguage: zh-CN');
  expect(keepFixed(running, next)).toEqual({ config: next, kept: [] });
});

it('a page that is to listen elsewhere stays where it is, with its token', () => {
  const running = configuration('http: { listen: "0.0.0.0:9420", token: the-old-token-of-it }');
  const next = configuration('http: {}');
  const { config, kept } = keepFixed(running, next);
  expect(config.http).toBe(running.http);
  expect(kept).toEqual([
    'http.listen is 127.0.0.1:9420; the page stays at 0.0.0.0:9420, with its token, until a restart.',
  ]);
});

it('a page that comes or goes waits for a restart', () => {
  const [without, with_] = [configuration(''), configuration('http: {}')];
  expect(keepFixed(without, with_)).toEqual({
    config: { ...with_, http: null },
    kept: ['http.listen is 127.0.0.1:9420; nothing is served until a restart.'],
  });
  expect(keepFixed(with_, without).config.http).toBe(with_.http);
});

it.each([
  ['another file', 'store: "sqlite:a.db"', 'store: "sqlite:b.db"', 1],
  ['the same file', 'store: "sqlite:a.db"', 'store: "sqlite:a.db"', 0],
  ['another engine', 'store: "sqlite:a.db"', 'store: "postgres://u:p@localhost/d"', 1],
  ['another password', 'store: "postgres://u:p@localhost/d"', 'store: "postgres://u:q@localhost/d"', 1],
  ['the same database', 'store: "postgres://u:p@localhost/d"', 'store: "postgres://u:p@localhost/d"', 0],
])('a store that is %s', (_, running, next, count) => {
  const { config, kept } = keepFixed(configuration(running), configuration(next));
  expect(kept).toHaveLength(count);
  expect(JSON.stringify(config.store)).toBe(JSON.stringify(configuration(running).store));
});

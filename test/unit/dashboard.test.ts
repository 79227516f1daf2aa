// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Grafana are written like that
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { openWebStage } from '../support/web-stage.ts';

/** What Grafana needs of a dashboard to import it, of schema version 39. */
const source = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${source}') });
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: source,
  expr: z.string().min(1),
  legendFormat: z.string(),
});
const panel = z.object({
  id: z.int().positive(),
  type: z.enum(['stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: source,
  gridPos: z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) }),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }), overrides: z.array(z.unknown()) }),
  targets: z.array(target).min(1),
});
const schema = z.object({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.literal(39),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.enum(['datasource', 'query']) })) }),
  panels: z.array(panel).min(1),
});

const text = readFileSync(new URL('../../deploy/grafana/repairwatch.json', import.meta.url), 'utf8');
const dashboard = schema.parse(JSON.parse(text));
const { panels } = dashboard;

it('the dashboard has no two panels of one number or one place, and no two queries of one letter in a panel', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(24);
    return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
  for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
});

it('the dashboard uses no variable that it does not have', () => {
  const names = dashboard.templating.list.map(({ name }) => name);
  const used = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name).filter((name) => !name.startsWith('__'));
  expect(new Set(used)).toEqual(new Set(names));
});

it('the dashboard counts what is stored once, however many replicas show it', async () => {
  const served = await (await (await openWebStage()).get('/metrics')).text();
  const stored = [...served.matchAll(/^# TYPE (repairwatch_\w+) gauge$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/_build_info$|_config_last_/.test(name));
  expect(stored.length).toBeGreaterThan(8);
  for (const { expr } of panels.flatMap(({ targets }) => targets))
    for (const name of stored.filter((each) => expr.includes(each)))
      expect(expr).toMatch(new RegExp(`\\b(?:max|min)(?: (?:by|without) \\([^)]*\\))? ?\\(${name}\\b`));
});

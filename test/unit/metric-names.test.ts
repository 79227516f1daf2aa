import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openWebStage } from '../support/web-stage.ts';

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}

// Our own files; promtool and Grafana judge their shapes.
const rules = (parse(textOf('deploy/prometheus/rules.yaml')) as Rules).groups.flatMap((group) => group.rules);
const { tests } = parse(textOf('deploy/prometheus/rules.test.yaml')) as RuleTests;
const dashboard = JSON.parse(textOf('deploy/grafana/repairwatch.json')) as Dashboard;
const queries = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

const namesIn = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.flatMap((text) => text.match(/\b(?:repairwatch|process)_[a-z_]+/g) ?? [])),
];

/** Every series name and, by family, every label that /metrics can show. */
async function served(): Promise<{ readonly names: ReadonlySet<string>; readonly families: readonly string[] }> {
  const text = await (await (await openWebStage()).get('/metrics')).text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', type]) => ({ name, type }));
  const parts = (name: string) => ['_bucket', '_count', '_sum'].map((end) => name + end);
  return {
    families: types.map(({ name }) => name),
    names: new Set(types.flatMap(({ name, type }) => (type === 'histogram' ? parts(name) : [name]))),
  };
}

describe('what is deployed beside the metrics', () => {
  it('asks only for metrics that exist: alerts, their tests, the dashboard', async () => {
    const { names } = await served();
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...tests.flatMap(({ input_series }) => input_series.map(({ series }) => series)),
      ...queries,
    ];
    expect(namesIn(asked).length).toBeGreaterThan(10);
    expect(namesIn(asked).filter((name) => !names.has(name))).toEqual([]);
  });

  it('shows every metric on the dashboard, the start of the process aside', async () => {
    const shown = namesIn(queries).map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    const { families } = await served();
    expect(families.filter((name) => !shown.includes(name))).toEqual(['process_start_time_seconds']);
  });

  it('is told of in docs/operations.md, metric by metric', async () => {
    const told = textOf('docs/operations.md')
      .split('\n')
      .filter((line) => line.startsWith('| `repairwatch_'))
      .flatMap((line) => line.split('|')[1]?.match(/repairwatch_\w+/g) ?? []);
    const { families } = await served();
    expect(told.toSorted()).toEqual(families.filter((name) => name.startsWith('repairwatch_')).toSorted());
  });

  it('has for each alert a row in docs/operations.md that says what to do first', () => {
    const rows = textOf('docs/operations.md').match(/(?<=^\| `)Repairwatch\w+/gm) ?? [];
    expect(rows).toEqual(rules.map(({ alert }) => alert));
  });

  it('has for each alert a test in which it fires and one in which it does not', () => {
    const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    const tested = (fires: boolean) =>
      cases.filter(({ exp_alerts }) => exp_alerts.length > 0 === fires).map(({ alertname }) => alertname);
    const untested = rules
      .map(({ alert }) => alert)
      .filter((alert) => !tested(true).includes(alert) || !tested(false).includes(alert));
    expect(untested).toEqual([]);
  });
});

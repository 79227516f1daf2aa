import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));

/** Debian's `prometheus` brings it. */
function promtool(args: readonly string[], input = ''): { readonly status: number | null; readonly says: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, says: error === undefined ? `${stdout}${stderr}` : `promtool cannot be run: ${error.message}` };
}

describe('promtool', () => {
  let served: ServedProgram;

  beforeAll(async () => {
    served = await serveProgram(1);
  });

  afterAll(() => served.close());

  it('finds nothing wrong with the metrics of the built program', async () => {
    const { status, text } = await served.get('/metrics');
    expect(status).toBe(200);
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, says: '' });
  });

  it('would find a name that is against its rules', () => {
    const wrong = '# HELP repairwatch_polls x\n# TYPE repairwatch_polls counter\nrepairwatch_polls 1\n';
    expect(promtool(['check', 'metrics'], wrong)).toMatchObject({ status: 3, says: expect.stringContaining('_total') });
  });

  it('takes the alerts, and their tests pass', () => {
    expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', `${DEPLOY}rules.yaml`])).toMatchObject({
      status: 0,
    });
    expect(promtool(['test', 'rules', `${DEPLOY}rules.test.yaml`])).toMatchObject({ status: 0 });
  });

  it('can read every query of the dashboard', () => {
    const text = readFileSync(new URL('../../deploy/grafana/repairwatch.json', import.meta.url), 'utf8');
    // Our own file, whose shape test/unit/dashboard.test.ts checks.
    const { panels } = JSON.parse(text) as { panels: readonly { targets: readonly { expr: string }[] }[] };
    const rules = panels
      .flatMap(({ targets }) => targets)
      .map(({ expr }, at) => ({ record: `query:${at}`, expr: expr.replaceAll('$__rate_interval', '5m') }));
    const folder = mkdtempSync(join(tmpdir(), 'repairwatch-'));
    const file = join(folder, 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(promtool(['check', 'rules', file])).toMatchObject({ status: 0 });
    rmSync(folder, { recursive: true });
  });
});

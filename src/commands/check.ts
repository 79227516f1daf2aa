import type { Config } from '../config/config.ts';
import { describeConfig } from '../config/describe.ts';
import { cleanLine } from '../lib/clean-text.ts';
import { wrapToWidth } from '../lib/text-width.ts';
import { commandLog } from './command-log.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { configPath, loadFrom } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';
import type { Trial } from './trial.ts';

export interface CheckOptions extends CommonOptions {
  readonly online?: boolean;
  readonly json?: boolean;
}

/** `check`: everything that is wrong with the configuration at once; with `--online` whether each account, each channel and the store work. */
export async function check(options: CheckOptions, screen: Screen): Promise<ExitCode> {
  const path = configPath(options, screen);
  const loaded = loadFrom(path, screen);
  const problems = loaded.ok ? [] : loaded.problems;
  const warnings = loaded.ok ? loaded.warnings : [];
  const summary = loaded.ok ? describeConfig(loaded.config).split('\n') : [];
  const trials = loaded.ok && options.online === true ? await tryAll(loaded.config, options) : [];
  const ok = loaded.ok && trials.every((trial) => trial.ok);
  if (options.json === true) {
    printJson(screen, {
      ok,
      config: path,
      problems,
      warnings,
      summary,
      online: options.online === true ? trials : null,
    });
  } else {
    const rows = [
      ...problems.map(({ message }) => ['problem', message] as const),
      ...warnings.map((warning) => ['warning', warning] as const),
      ...trials.map(({ ok, what, says }) => [ok ? 'ok' : 'FAILED', `${what}: ${says}`] as const),
    ];
    for (const line of summary) screen.print(cleanLine(line) === '' ? '' : tidy(line));
    if (summary.length > 0) screen.print('');
    for (const row of rows) for (const line of hanging(row, screen.columns)) screen.print(line);
    screen.print(verdict(problems.length, trials, path));
  }
  if (!loaded.ok) return 2;
  return ok ? 0 : 1;
}

async function tryAll(config: Config, options: CommonOptions): Promise<readonly Trial[]> {
  const { tryOnline } = await import('./try-online.ts');
  return tryOnline(config, commandLog({ logLevel: options.logLevel ?? 'error' }), stopSignal());
}

const MARK_WIDTH = 9;

function hanging([mark, text]: readonly [string, string], columns: number): readonly string[] {
  const lines = wrapToWidth(cleanLine(text), columns - MARK_WIDTH);
  return lines.map((line, i) => (i === 0 ? mark : '').padEnd(MARK_WIDTH) + line);
}

/** The columns of the summary stay; what came from the file is made harmless. */
function tidy(line: string): string {
  const [, head = '', rest = ''] = /^(\S*\s*)(.*)$/u.exec(line) ?? [];
  return head + cleanLine(rest);
}

function verdict(problems: number, trials: readonly Trial[], path: string | null): string {
  const where = path === null ? 'The environment' : cleanLine(path);
  if (problems > 0) return `${where} has ${problems === 1 ? '1 problem' : `${problems} problems`}.`;
  const failed = trials.filter(({ ok }) => !ok).length;
  if (failed > 0) return `${failed} of ${trials.length} did not work.`;
  return trials.length > 0
    ? 'Everything works.'
    : `${where} is good; --online tries the accounts, the channels and the store.`;
}

import type { Config } from './config.ts';
import { crossChecks } from './cross-checks.ts';
import { fromEnvironment, toAskFromEnvironment, withEnvironmentAccount } from './environment.ts';
import { type Finding, isWithin, type Path, type Problem, pathName } from './problem.ts';
import { readText } from './read-text.ts';
import { askSchema, configSchema } from './schema.ts';
import { schemaFindings } from './schema-findings.ts';
import type { ReadFile, Source } from './source.ts';
import { substitute } from './substitute.ts';
import { toConfig } from './to-config.ts';
import { warningsFor } from './warnings.ts';
import { readYaml } from './yaml-text.ts';

export type { Problem } from './problem.ts';

export interface ConfigInput {
  /** The YAML file; null: the environment alone. */
  readonly path: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Reads a text file or throws what `readFileSync` would; also for `${file:PATH}` and NAME_FILE. */
  readonly readFile: ReadFile;
  /** `ask`: to ask the API and to tell nobody. From the environment alone only what that takes is read then, and no channel is missed. */
  readonly purpose?: 'run' | 'ask';
}

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The configuration, checked as a whole: every problem is told at once, none with a secret in it. */
export function loadConfig({ path, env, readFile, purpose = 'run' }: ConfigInput): LoadedConfig {
  const asks = path === null && purpose === 'ask';
  const fromVariables = asks ? toAskFromEnvironment : fromEnvironment;
  const read =
    path === null ? { ok: true as const, source: fromVariables(env, readFile) } : fromFile(path, env, readFile);
  if (!read.ok) return read;
  const { source } = read;
  const checked = (asks ? askSchema : configSchema).safeParse(source.raw);
  const found = [...(checked.success ? [] : schemaFindings(source, checked.error.issues)), ...crossChecks(source)];
  const findings = [...source.findings, ...found.filter(({ path }) => !judged(path, source.findings))];
  if (findings.length > 0 || !checked.success) return { ok: false, problems: distinct(findings, source.names) };
  const config = toConfig(checked.data);
  return { ok: true, config, warnings: warningsFor(config) };
}

type SourceRead =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function fromFile(path: string, env: NodeJS.ProcessEnv, readFile: ReadFile): SourceRead {
  const failed = (says: readonly string[]): SourceRead => ({
    ok: false,
    problems: says.map((clause) => ({ path: '', message: `The configuration file ${path} ${clause}.` })),
  });
  const file = readText(path, readFile);
  if (!file.ok) return failed([file.why]);
  const yaml = readYaml(file.text);
  if (!yaml.ok) return failed(yaml.problems.map((problem) => `cannot be read: ${problem}`));
  const source = { names: new Map(), ...substitute(yaml.value, env, readFile) };
  return { ok: true, source: withEnvironmentAccount(source, env, readFile) };
}

/** Nothing more is said about a value that could not be put together. */
function judged(path: Path, failures: readonly Finding[]): boolean {
  return failures.some((failure) => isWithin(path, failure.path));
}

/** At most one sentence for an option: the first. */
function distinct(findings: readonly Finding[], names: Source['names']): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const { path, says } of findings) {
    const name = nameOf(path, names);
    const message = `${name === '' ? 'The configuration' : name} ${says}`;
    if (!problems.has(name))
      problems.set(name, { path: name, message: /[.?]$/.test(message) ? message : `${message}.` });
  }
  return [...problems.values()];
}

/** The name that the user knows: the option's own, or the variable's that sets it or the list it is in. */
function nameOf(path: Path, names: Source['names']): string {
  const own = pathName(path);
  return (
    names.get(own) ?? (typeof path.at(-1) === 'number' ? names.get(pathName(path.slice(0, -1))) : undefined) ?? own
  );
}

import type { Config } from '../../../src/config/config.ts';
import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts';

export const PATH = 'repairwatch.yaml';

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  /** Path → text; a code such as `EACCES` after `!` makes reading it fail so. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Loads a configuration that exists only in the test; null: the environment alone. */
export function load(text: string | null, { env = {}, files = {} }: Surroundings = {}): LoadedConfig {
  const all: Readonly<Record<string, string>> = text === null ? files : { ...files, [PATH]: text };
  return loadConfig({
    path: text === null ? null : PATH,
    env,
    readFile(path) {
      const content = all[path] ?? '!ENOENT';
      if (content.startsWith('!')) throw Object.assign(new Error('no'), { code: content.slice(1) });
      return content;
    },
  });
}

/** The sentences of a configuration that is refused. */
export function problems(text: string | null, surroundings: Surroundings = {}): readonly string[] {
  const loaded = load(text, surroundings);
  return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
}

/** A configuration that must be accepted. */
export function accepted(
  text: string | null,
  surroundings: Surroundings = {},
): { readonly config: Config; readonly warnings: readonly string[] } {
  const loaded = load(text, surroundings);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded;
}

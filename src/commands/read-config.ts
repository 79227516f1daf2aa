import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { type ConfigInput, type LoadedConfig, loadConfig } from '../config/load.ts';
import { readSmallFile } from '../lib/read-small-file.ts';
import type { CommonOptions, Screen } from './screen.ts';

const DEFAULT_PATH = 'repairwatch.yaml';

/** The configuration's file: --config, else REPAIRWATCH_CONFIG, else ./repairwatch.yaml if there is one; null for the environment alone. */
export function configPath(options: CommonOptions, { env }: Screen): string | null {
  const stated = options.config ?? env['REPAIRWATCH_CONFIG'] ?? '';
  if (stated !== '') return stated;
  return existsSync(DEFAULT_PATH) ? DEFAULT_PATH : null;
}

export function loadFrom(path: string | null, { env }: Screen, purpose: ConfigInput['purpose'] = 'run'): LoadedConfig {
  return loadConfig({ path, env, readFile: readSmallFile, purpose });
}

/** The configuration with its warnings; null after every problem was told. */
export function readConfig(
  options: CommonOptions,
  screen: Screen,
  purpose?: ConfigInput['purpose'],
): { readonly config: Config; readonly warnings: readonly string[] } | null {
  const path = configPath(options, screen);
  const loaded = loadFrom(path, screen, purpose);
  if (loaded.ok) return loaded;
  for (const { message } of loaded.problems) screen.complain(message);
  if (path === null) screen.complain('No configuration file was named: write ./repairwatch.yaml or use --config FILE.');
  return null;
}

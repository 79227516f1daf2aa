import type { Config } from '../config/config.ts';
import { keepFixed } from '../config/keep-fixed.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createWake } from '../lib/wake.ts';
import type { Reloads, Reread } from '../reload.ts';

export interface ReloadDeps {
  /** Reads the configuration anew, from where the service read it at its start. */
  readonly load: () => LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** A reload for each SIGHUP from now on; several that come while one is under way are one. */
export function reloadOnHangup({ load, clock, log }: ReloadDeps): Reloads {
  const asked = createWake(clock);
  process.on('SIGHUP', () => {
    log.info('reload-asked', { signal: 'SIGHUP' });
    asked.wake();
  });
  return {
    async next(running, signal) {
      await asked.wait(Number.POSITIVE_INFINITY, signal);
      return reread(load(), running);
    },
  };
}

function reread(loaded: LoadedConfig, running: Config): Reread {
  if (!loaded.ok) return { ok: false, problems: loaded.problems.map(({ message }) => message) };
  return { ok: true, warnings: loaded.warnings, ...keepFixed(running, loaded.config) };
}

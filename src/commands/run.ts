import { openApp } from '../app.ts';
import { systemClock } from '../lib/clock.ts';
import { createLog } from '../lib/log.ts';
import { runService } from '../service.ts';
import type { ExitCode } from './exit-code.ts';
import { progressBar } from './progress-bar.ts';
import { configPath, loadFrom, readConfig } from './read-config.ts';
import { reloadOnHangup } from './reload-on-hangup.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';

/** `run`: the service, until SIGTERM or SIGINT; SIGHUP lets it read its configuration again. Its log goes to stdout. */
export async function run(options: CommonOptions, screen: Screen): Promise<ExitCode> {
  const path = configPath(options, screen);
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { stdout, stderr } = process;
  const bar = stdout.isTTY ? progressBar(stderr, screen.env, systemClock) : null;
  const log = createLog({
    level: options.logLevel ?? 'info',
    pretty: stdout.isTTY,
    write: bar?.below(stdout) ?? ((line) => void stdout.write(line)),
  });
  const signal = stopSignal({
    onStop: (name) => log.info('stopping', { signal: name }),
    onHang: () => log.error('stop-hangs'),
  });
  for (const warning of read.warnings) log.warn('configuration-warning', { warning });
  // Before the app is open: a signal that nobody takes would end the process.
  const reloads = reloadOnHangup({ load: () => loadFrom(path, screen), clock: systemClock, log });
  const how = { clock: systemClock, random: Math.random, log };
  const app = await openApp(read.config, bar === null ? how : { ...how, onBackfill: bar.show });
  try {
    await runService(app, signal, reloads);
  } finally {
    await app.close();
  }
  return 0;
}

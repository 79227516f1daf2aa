// Loaded into the service: at each SIGUSR2 it adds a line about the event loop's delay since the last one to $LOOP_DELAY_FILE.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
process.on('SIGUSR2', () => {
  // What is measured includes the timer's own wait.
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const line = JSON.stringify({ p99Ms: ms(delay.percentile(99)), maxMs: ms(delay.max) });
  appendFileSync(process.env.LOOP_DELAY_FILE, `${line}\n`);
  delay.reset();
});

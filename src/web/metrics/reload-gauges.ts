import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';

/** Whether the last reload was applied and when one was, under the names that Prometheus has for its own; the start counts as one. */
export function createReloadGauges(registry: Registry, clock: Pick<Clock, 'now'>): (isApplied: boolean) => void {
  const registers = [registry];
  const successful = new Gauge({
    name: 'repairwatch_config_last_reload_successful',
    help: '1: the configuration that was read last is in force; 0: it was refused, and the one before goes on.',
    registers,
  });
  const appliedAt = new Gauge({
    name: 'repairwatch_config_last_reload_success_timestamp_seconds',
    help: 'When the configuration that is in force was applied, since 1970.',
    registers,
  });
  const reloaded = (isApplied: boolean): void => {
    successful.set(isApplied ? 1 : 0);
    if (isApplied) appliedAt.set(clock.now() / 1000);
  };
  reloaded(true);
  return reloaded;
}

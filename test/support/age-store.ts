import { DatabaseSync } from 'node:sqlite';
import { HOUR_MS } from '../../src/lib/clock.ts';

/** Makes what a store knows as old as if it had been read and told so many hours earlier; no program may run meanwhile. */
export function ageStore(path: string, hours: number): void {
  const file = new DatabaseSync(path);
  file.prepare('UPDATE task SET changed_at = changed_at - ?').run(hours * HOUR_MS);
  file.prepare('UPDATE account SET last_complete_at = last_complete_at - ?').run(hours * HOUR_MS);
  file.close();
}

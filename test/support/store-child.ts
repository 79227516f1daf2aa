import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import { commitPending, T0 } from './store-world.ts';

/** A process that owns the store at argv[2] and commits pages, argv[4] of them or for ever; it prints each task's id once its commit was acknowledged, and lives until it is killed. */
const path = process.argv[2] ?? '';
const prefix = process.argv[3] ?? 'rep';
const limit = Number(process.argv[4] ?? Number.POSITIVE_INFINITY);
setInterval(() => undefined, 60_000);
const store = await openStore({ engine: 'sqlite', path }, { mode: 'owner', clock: systemClock });
await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
const { poll } = await store.beginPoll('prod', 'poll', T0);
for (let count = 0; count < limit; count += 1) {
  const taskId = `${prefix}-${count}`;
  await commitPending(store, poll, [taskId]);
  process.stdout.write(`${taskId}\n`);
  // A turn of the event loop lets the line leave the process.
  await new Promise((resolve) => setImmediate(resolve));
}

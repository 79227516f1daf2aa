import { openApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config/load.js';
import { systemClock } from '../../dist/lib/clock.js';
import { silentLog } from '../../dist/lib/log.js';
import { readSmallFile } from '../../dist/lib/read-small-file.js';
import { runOnce } from '../../dist/once.js';
import { measuring } from './measuring.mjs';

/*
 * Reads an account's whole history once with the built program's own parts, at a pace that the configuration would refuse: that is how full
 * speed is measured. JavaScript, since Node's reading of TypeScript would count as the program's memory.
 * Usage: node ours.mjs CONFIG STARTS_PER_SECOND
 */
const loaded = loadConfig({ path: process.argv[2] ?? '', env: {}, readFile: readSmallFile });
if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
const poll = { ...loaded.config.poll, requestsPerSecond: Number(process.argv[3]) };
const how = { clock: systemClock, random: () => 0.5, log: silentLog };
const app = await openApp({ ...loaded.config, poll }, how);
const measured = await measuring(async () => {
  const { polls } = await runOnce(app, new AbortController().signal);
  if (polls.some(({ summary }) => summary?.result !== 'complete'))
    throw new Error('the poll was not complete, so its numbers mean nothing');
});
if ((await app.store.accounts()).some(({ backfillDone }) => !backfillDone))
  throw new Error('the backfill was not complete, so its numbers mean nothing');
await app.close();
console.log(JSON.stringify(measured));

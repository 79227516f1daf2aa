import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { SECOND_MS } from '../src/lib/clock.ts';
import { measureAccounts } from './reading/accounts.ts';
import { measureFullSpeed, measureMillion, measureMillionPaced } from './reading/full-speed.ts';
import { measurePaced } from './reading/paced.ts';
import { measurePage } from './reading/page.ts';
import { measureQuiet } from './reading/quiet.ts';
import { measureService } from './reading/service.ts';
import { markdownOf, type Result } from './reading/table.ts';

/**
 * The numbers of reading, ours beside the official SDK in a page loop that writes a JSON file, in one run; requests are counted at the
 * stand-in for the API, which is a process of its own. Needs Linux and `npm run build`.
 * Usage: npm run bench [-- --scale 1 --only paced,speed,million,quiet,service,page,accounts --long --json]. A smaller scale reads fewer tasks; `--long` also
 * reads a million tasks at 18 requests a second, which takes nine minutes.
 */
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    only: { type: 'string', default: 'paced,speed,million,quiet,service,page,accounts' },
    long: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 1)) throw new Error('--scale is above 0 and at most 1');
const scaled = (count: number): number => Math.max(1, Math.round(count * scale));

const begun = performance.now();
function progress(line: string): void {
  const seconds = Math.round((performance.now() - begun) / SECOND_MS);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`);
}

const ROUNDS: Readonly<Record<string, readonly [string, () => Promise<readonly Result[]>]>> = {
  paced: [
    'a backfill at 18 requests a second, answers after 200 ms',
    () => measurePaced({ tasks: scaled(60_000), latencyMs: 200, officialPages: scaled(50) }),
  ],
  speed: ['full speed on loopback, three times each', () => measureFullSpeed(scaled(100_000), 3)],
  million: ['a million tasks without a limit', () => measureMillion(scaled(1_000_000), scaled(200_000))],
  quiet: ['quiet polls', () => measureQuiet({ closed: [scaled(10_000), scaled(100_000)], live: scaled(1000) })],
  service: ['the running service', () => measureService(scaled(200), 5, progress)],
  page: [
    'the page over many tasks',
    () => measurePage({ closed: scaled(100_000), pending: scaled(2000), readings: scaled(100), polls: 5 }),
  ],
  accounts: [
    'many accounts in one process',
    () =>
      measureAccounts({
        accounts: scaled(500),
        stuck: scaled(10),
        tasks: scaled(100),
        latencyMs: 100,
        everyS: 60,
        rounds: 5,
      }),
  ],
  long: ['a million tasks at 18 requests a second', () => measureMillionPaced(scaled(1_000_000))],
};

const wanted = [...values.only.split(','), ...(values.long ? ['long'] : [])];
const results: Result[] = [];
for (const name of wanted) {
  const round = ROUNDS[name];
  if (round === undefined) throw new Error(`there is no round ${name}; there are ${Object.keys(ROUNDS).join(', ')}`);
  progress(round[0]);
  results.push(...(await round[1]()));
}
progress('done');
const [cpu] = cpus();
const machine = {
  cores: cpus().length,
  processor: cpu?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  load: loadavg().map((load) => load.toFixed(1)),
  scale,
};
if (values.json) console.log(JSON.stringify({ machine, results }, null, 2));
else {
  const { cores, processor, memoryGb, node, load } = machine;
  console.log(`${cores} cores (${processor}), ${memoryGb} GB, Node ${node}, scale ${scale}, load ${load.join(' ')}\n`);
  for (const line of markdownOf(results)) console.log(line);
}

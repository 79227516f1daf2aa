import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textTable } from '../src/lib/text-table.ts';
import { SANDBOX_KEY } from '../src/sandbox/signature.ts';
import { writeConfigFile } from '../test/support/config-file.ts';
import { measure, startStandIn } from './reading/children.ts';
import type { Measured } from './reading/measured.ts';
import { measureService } from './reading/service.ts';
import type { StandInOptions, StandInReport } from './reading/stand-in.ts';

/**
 * The numbers of reading, ours beside the official SDK in a page loop with a JSON file, in one run; requests are counted at the stand-in for the API.
 * Usage: npm run bench [-- --scale 1 --events 60]. A smaller scale reads fewer tasks. Needs `npm run build` and Linux.
 */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, events: { type: 'string', default: '60' } },
});
const scale = Number(values.scale);
const events = Number(values.events);
if (!(scale > 0 && scale <= 1) || !Number.isInteger(events) || events < 1)
  throw new Error('--scale is above 0 and at most 1, --events a whole number from 1');

const PAGE = 100;
const PENDING = 500;
const table: string[][] = [];

function row(what: string, goal: string, holds: boolean | null, ours: string, official = ''): void {
  table.push([what, goal, ours, holds === null ? '' : holds ? 'yes' : 'NO', official]);
}

function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}

interface Round {
  readonly ours: Measured;
  readonly cost: StandInReport;
  /** A second reading of the same store. */
  readonly quiet: StandInReport;
  readonly official: { readonly measured: Measured; readonly cost: StandInReport } | null;
}

/** Both read the same tasks, one after the other. */
async function readBoth(options: StandInOptions, startsPerSecond: number, withOfficial: boolean): Promise<Round> {
  const standIn = await startStandIn(options);
  // Nobody listens there: what is told is not measured here.
  const file = writeConfigFile({ sandbox: standIn, hook: { url: 'http://127.0.0.1:9/' } }, { digests: [] });
  try {
    const ours = await measure('ours.mjs', [file.path, String(startsPerSecond)]);
    const cost = await standIn.report();
    await measure('ours.mjs', [file.path, String(startsPerSecond)]);
    const quiet = await standIn.report();
    if (!withOfficial) return { ours, cost, quiet, official: null };
    const measured = await measure('official-loop.mjs', [
      String(standIn.port),
      join(file.directory, 'tasks.json'),
      JSON.stringify(SANDBOX_KEY),
    ]);
    return { ours, cost, quiet, official: { measured, cost: await standIn.report() } };
  } finally {
    standIn.close();
    file.remove();
  }
}

const pages = (tasks: number): number => Math.ceil(tasks / PAGE);
const most = (measured: Measured): number => Math.max(...measured.rssMb);
const perPage = (measured: Measured, cost: StandInReport): string =>
  `${(measured.cpuMs / cost.requests).toFixed(1)} ms`;

async function paced(): Promise<void> {
  const closed = Math.round(36_000 * scale);
  progress(`answers after 200 ms, 18 starts a second, ${closed} tasks`);
  const options = { closed, pending: PENDING, latencyMs: 200, requestsPerSecond: 20 };
  const { ours, cost, quiet, official } = await readBoth(options, 18, true);
  const share = cost.perSecond / 18;
  // live, new and their ranges; the backfill reads every task once.
  const fewest = 1.05 * pages(closed + PENDING) + 64 + 2 * (1 + pages(1.2 * PENDING));
  const theirs = `${official?.cost.perSecond.toFixed(1)}/s`;
  row(
    'starts per second at 200 ms',
    '≥ 97 % of 18',
    share >= 0.97,
    `${cost.perSecond.toFixed(1)} (${(share * 100).toFixed(1)} %)`,
    theirs,
  );
  row('throttled requests', '0', cost.throttled === 0, String(cost.throttled), String(official?.cost.throttled));
  row('arrivals in the busiest second', '≤ 20', cost.mostInASecond <= 20, String(cost.mostInASecond));
  row(
    `requests for ${closed + PENDING} tasks`,
    `≤ ${Math.floor(fewest)}`,
    cost.requests <= fewest,
    String(cost.requests),
    String(official?.cost.requests),
  );
  row('memory at that pace', '≤ 128 MB', most(ours) <= 128, `${most(ours)} MB`);
  quietRow(closed, quiet);
}

function quietRow(closed: number, quiet: StandInReport): void {
  const goal = 2 + Math.ceil((1.2 * PENDING) / PAGE);
  row(
    `quiet poll: ${PENDING} open, ${closed} closed`,
    `≤ ${goal} requests`,
    quiet.requests <= goal,
    String(quiet.requests),
  );
}

async function fullSpeed(): Promise<void> {
  const closed = Math.round(200_000 * scale);
  progress(`no pace, no limit, ${closed} tasks`);
  const options = { closed, pending: PENDING, latencyMs: 0, requestsPerSecond: null };
  const { ours, cost, quiet, official } = await readBoth(options, FULL_SPEED, true);
  if (official === null) return;
  const { measured } = official;
  row(
    'pages per second on loopback',
    '≥ 400',
    cost.perSecond >= 400,
    cost.perSecond.toFixed(0),
    official.cost.perSecond.toFixed(0),
  );
  const cpuMs = ours.cpuMs / cost.requests;
  row(
    'processor time per page, stored',
    '≤ 2.5 ms',
    cpuMs <= 2.5,
    perPage(ours, cost),
    perPage(measured, official.cost),
  );
  row(`memory, ${closed} tasks`, '≤ 150 MB', most(ours) <= 150, `${most(ours)} MB`, `${most(measured)} MB`);
  quietRow(closed, quiet);
}

async function aMillion(): Promise<void> {
  const closed = Math.round(1_000_000 * scale);
  progress(`no pace, no limit, ${closed} tasks`);
  const options = { closed, pending: PENDING, latencyMs: 0, requestsPerSecond: null };
  const { ours, cost } = await readBoth(options, FULL_SPEED, false);
  row(`memory, ${closed} tasks`, '≤ 150 MB, flat', most(ours) <= 150, `${most(ours)} MB, ${middle(ours)} MB half-way`);
  row(`pages per second, ${closed} tasks`, '', null, cost.perSecond.toFixed(0));
}

const middle = ({ rssMb }: Measured): number => rssMb[Math.floor(rssMb.length / 2)] ?? Number.NaN;

async function running(): Promise<void> {
  progress(`the running service, ${events} new tasks one after the other`);
  const { startMs, idleRssMb, toldMs, stopMs } = await measureService(events, progress);
  const p99 = toldMs[Math.ceil(toldMs.length * 0.99) - 1] ?? Number.NaN;
  row('start → first request', '≤ 600 ms', startMs <= 600, `${startMs.toFixed(0)} ms`);
  row('idle memory', '≤ 90 MB', idleRssMb <= 90, `${idleRssMb} MB`);
  row('answer of the API → request to an idle hook, p99', '≤ 100 ms', p99 <= 100, `${p99.toFixed(0)} ms`);
  row('SIGTERM → end', '≤ 8 s', stopMs <= 8_000, `${(stopMs / 1000).toFixed(2)} s`);
}

/** More than any loopback answers, so that the pace is no limit. */
const FULL_SPEED = 5_000;

for (const round of [paced, fullSpeed, aMillion, running]) await round();
const headings = ['What', 'Goal', 'repairwatch', 'Kept', 'Official SDK loop'];
console.log(`${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, scale ${scale}`);
for (const line of textTable(
  headings.map((heading) => ({ heading })),
  table,
  200,
))
  console.log(line);

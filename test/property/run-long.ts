import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { BrokenPromise, noTally, playScene, type Tally } from '../support/restless/promise.ts';
import { largeScenes, readScene, scenes } from '../support/restless/scene.ts';
import { openEmptiableStore } from '../support/restless/store-pool.ts';

/**
 * The property of poll-misses-nothing.test.ts over as many cases as you like, on several threads:
 * node test/property/run-long.ts [--cases 1000000] [--workers 2] [--seed N] | [--scene JSON]
 * Blocks of 1,000 cases have a seed each, `seed + block`; a broken promise is printed with its scene, which `--scene` plays again.
 */
const BLOCK = 1_000;
/** Of each block; they cost as much as all the others of ten blocks together. */
const LARGE = 2;
const PROGRESS_MS = 30_000;

interface Report {
  readonly tally: Tally;
  readonly broken: readonly string[];
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    scene: { type: 'string' },
  },
});

if (!isMainThread)
  await playBlocks(workerData as WorkerPart); // What `runWorker` hands over.
else if (values.scene !== undefined) await playOne(values.scene);
else await playAll(Number(values.cases), Number(values.workers), Number(values.seed));

interface WorkerPart {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly blocks: number;
}

async function playBlocks({ seed, first, step, blocks }: WorkerPart): Promise<void> {
  const pool = await openEmptiableStore();
  for (let block = first; block < blocks; block += step) {
    const given = { seed: seed + block };
    const small = fc.sample(scenes, { ...given, numRuns: BLOCK - LARGE });
    const report = { tally: noTally(), broken: [] as string[] };
    for (const scene of [...small, ...fc.sample(largeScenes, { ...given, numRuns: LARGE })]) {
      pool.empty();
      try {
        await playScene(scene, pool.store, report.tally);
      } catch (error) {
        if (!(error instanceof BrokenPromise)) throw error;
        report.broken.push(`Block seed ${seed + block}. ${error.message}`);
        report.tally.cases += 1;
      }
    }
    parentPort?.postMessage(report);
  }
}

async function playOne(scene: string): Promise<void> {
  const tally = noTally();
  await playScene(readScene(scene), (await openEmptiableStore()).store, tally);
  console.log('The promise was kept.', tally);
}

async function playAll(cases: number, workers: number, seed: number): Promise<void> {
  const sum = { ...noTally(), misses: 0 };
  const began = performance.now();
  const elapsed = (): number => Math.round((performance.now() - began) / 1000);
  console.log(`${cases} cases on ${workers} threads, seeds from ${seed}`);
  const progress = setInterval(() => {
    console.log(`${elapsed()} s: ${sum.cases} cases, ${sum.polls} polls, ${sum.misses} misses`);
  }, PROGRESS_MS);
  const blocks = Math.ceil(cases / BLOCK);
  const parts = Array.from({ length: workers }, (_, first) => ({ seed, first, step: workers, blocks }));
  const whole = parts.map((part) =>
    runWorker(part, ({ tally, broken }) => {
      for (const key of ['cases', 'polls', 'complete', 'requests'] as const) sum[key] += tally[key];
      sum.misses += broken.length;
      for (const message of broken) console.log(message);
    }),
  );
  await Promise.all(whole);
  clearInterval(progress);
  const { user, system } = process.cpuUsage();
  const share = `${((100 * sum.complete) / sum.polls).toFixed(1)} %`;
  console.table({ ...sum, complete: share, seed, seconds: elapsed(), cpuSeconds: Math.round((user + system) / 1e6) });
  process.exitCode = sum.misses > 0 ? 1 : 0;
}

function runWorker(part: WorkerPart, onReport: (report: Report) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL(import.meta.url), { workerData: part });
  worker.on('message', onReport);
  worker.once('error', reject);
  worker.once('exit', () => resolve());
  return promise;
}

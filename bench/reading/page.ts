import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { writeConfigFile } from '../../test/support/config-file.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type RunningProgram, startProgram } from '../../test/support/program.ts';
import { measureOurs, startStandIn } from './children.ts';
import { median, quantile } from './statistics.ts';
import { atMost, kb, ms, noted, type Result } from './table.ts';

export interface PageOptions {
  readonly closed: number;
  readonly pending: number;
  /** Readings of the first page that are timed. */
  readonly readings: number;
  /** Polls during which nobody reads, and as many during which pages are read without a pause. */
  readonly polls: number;
}

const READERS = 2;
const PRELOAD = pathToFileURL(fileURLToPath(new URL('loop-delay-preload.mjs', import.meta.url))).href;

interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Answer {
  readonly firstByteMs: number;
  readonly bytes: number;
  readonly html: string;
}

/** How the built service serves `/` over many stored tasks, and what its polls notice of readers. */
export async function measurePage(options: PageOptions): Promise<readonly Result[]> {
  const { closed, pending } = options;
  const standIn = await startStandIn({ closed, pending, latencyMs: 0, requestsPerSecond: null });
  const hook = await startSlackHook();
  const listen = `127.0.0.1:${await freePort()}`;
  const file = writeConfigFile({ sandbox: standIn, hook }, { http: { listen }, digests: [] });
  const delayFile = join(file.directory, 'loop-delay');
  try {
    await measureOurs(file);
    const env = { NODE_OPTIONS: `--import=${PRELOAD}`, LOOP_DELAY_FILE: delayFile };
    const program = startProgram(['run', '--config', file.path], { cwd: file.directory, env });
    try {
      await pollsOf(program, 2);
      return [
        ...(await measureReading(`http://${listen}`, options)),
        ...(await measurePolls(`http://${listen}`, program, delayFile, options.polls)),
      ];
    } finally {
      program.kill();
      await program.exited;
    }
  } finally {
    await hook.close();
    standIn.close();
    file.remove();
  }
}

async function measureReading(origin: string, { closed, pending, readings }: PageOptions): Promise<readonly Result[]> {
  const pages = await readAll(origin);
  const list = await readTimes(origin, '/', readings);
  const timeline = await readTimes(origin, '/timeline', readings);
  const search = await readTimes(origin, SEARCH, readings);
  const name = `\`/\`, ${pending} waiting, ${closed} closed`;
  return [
    atMost(`${name}: first byte (p99)`, 100, firstByte(list), ms),
    atMost('… its first 200 rows', 300, Math.max(...list.map(({ bytes }) => bytes)) / 1000, kb),
    noted('… all of it by the cursor', `${pages} pages`),
    atMost('… `/timeline`: first byte (p99)', 100, firstByte(timeline), ms),
    atMost('… a text that no closed task holds: first byte (p99)', 100, firstByte(search), ms),
  ];
}

/** Nothing holds it, so that as much is looked through as ever. */
const SEARCH = '/?status=closed&text=nowhere-to-be-found';

async function readTimes(origin: string, path: string, times: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) answers.push(await read(origin, path));
  return answers;
}

function firstByte(answers: readonly Answer[]): number {
  const times = answers.map(({ firstByteMs }) => firstByteMs);
  return quantile(times, 0.99);
}

async function measurePolls(
  origin: string,
  program: RunningProgram,
  delayFile: string,
  polls: number,
): Promise<readonly Result[]> {
  await delayOf(program, delayFile);
  const quietMs = await pollsOf(program, polls);
  const quiet = await delayOf(program, delayFile);
  const busyMs = await whileRead(origin, () => pollsOf(program, polls));
  const busy = await delayOf(program, delayFile);
  return [
    noted(`a poll while ${READERS} read pages without a pause`, beside(median(busyMs), median(quietMs))),
    noted('… delay of the event loop: p99', beside(busy.p99Ms, quiet.p99Ms)),
    noted('… … greatest', beside(busy.maxMs, quiet.maxMs)),
  ];
}

/** How long each of the next polls took. */
async function pollsOf(program: RunningProgram, count: number): Promise<readonly number[]> {
  const ended = program.log.filter(({ event }) => event === 'poll-finished').length;
  await program.waitForLog('poll-finished', undefined, ended + count);
  const lines = program.log.filter(({ event }) => event === 'poll-finished');
  return lines.slice(ended, ended + count).map((line) => Number(line['tookMs']));
}

async function read(origin: string, path: string): Promise<Answer> {
  const begun = performance.now();
  const answer = await fetch(origin + path, { headers: { Accept: 'text/html' } });
  const firstByteMs = performance.now() - begun;
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
  const html = await answer.text();
  return { firstByteMs, bytes: Buffer.byteLength(html), html };
}

/** Follows the cursor to the end; resolves with the number of pages. */
async function readAll(origin: string): Promise<number> {
  for (let pages = 1, path = '/'; ; pages += 1) {
    const { html } = await read(origin, path);
    const next = /rel="next" href="([^"]+)"/.exec(html)?.[1];
    if (next === undefined) return pages;
    path = next.replaceAll('&amp;', '&');
  }
}

/** Reads pages without a pause, in parallel, until `act` is done. */
async function whileRead(origin: string, act: () => Promise<readonly number[]>): Promise<readonly number[]> {
  let done = false;
  let answers = 0;
  const readers = Array.from({ length: READERS }, async () => {
    for (; !done; answers += 1) await read(origin, ['/', '/timeline', '/?text=rep'][answers % 3] ?? '/');
  });
  const busyMs = await act();
  done = true;
  await Promise.all(readers);
  return busyMs;
}

/** Since it was last asked. */
async function delayOf({ pid }: RunningProgram, file: string): Promise<LoopDelay> {
  const lines = (): readonly string[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  const seen = lines().length;
  process.kill(pid, 'SIGUSR2');
  while (lines().length === seen) await sleep(10);
  return JSON.parse(lines().at(-1) ?? '{}') as LoopDelay; // what loop-delay-preload.mjs writes
}

const beside = (busy: number, quiet: number): string => `${ms(busy)} (alone ${ms(quiet)})`;

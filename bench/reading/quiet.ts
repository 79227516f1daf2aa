import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { writeConfigFile } from '../../test/support/config-file.ts';
import { runProgram } from '../../test/support/program.ts';
import { measureOurs, startStandIn } from './children.ts';
import { median } from './statistics.ts';
import { atMost, count, ms, noted, type Result } from './table.ts';

export interface QuietOptions {
  /** Stored and closed, for each measurement. */
  readonly closed: readonly number[];
  readonly live: number;
}

const PAGE = 100;
const POLLS = 3;

/** What a poll costs in which nothing has happened, by the built program's `once`. */
export async function measureQuiet({ closed, live }: QuietOptions): Promise<readonly Result[]> {
  const goal = 2 + Math.ceil((1.2 * live) / PAGE);
  const results: Result[] = [];
  for (const stored of closed) {
    const { requests, tookMs } = await quietPoll(stored, live);
    results.push(
      atMost(`quiet poll, ${live} live, ${stored} closed: requests`, goal, requests, count),
      noted('… from its begin to its end', ms(tookMs)),
    );
  }
  return results;
}

/** The greatest number of requests, and the middle duration, of a few polls. */
async function quietPoll(closed: number, live: number): Promise<{ requests: number; tookMs: number }> {
  const standIn = await startStandIn({ closed, pending: live, latencyMs: 0, requestsPerSecond: null });
  const hook = await startSlackHook();
  const file = writeConfigFile({ sandbox: standIn, hook }, { digests: [] });
  try {
    await measureOurs(file);
    await standIn.report();
    const requests: number[] = [];
    const tookMs: number[] = [];
    for (let poll = 0; poll < POLLS; poll += 1) {
      const { code, stdout, stderr } = await runProgram(['once', '--json', '--config', file.path]);
      if (code !== 0) throw new Error(`a quiet poll went wrong: ${stderr}${stdout}`);
      requests.push((await standIn.report()).requests);
      tookMs.push(tookOf(stdout));
    }
    return { requests: Math.max(...requests), tookMs: median(tookMs) };
  } finally {
    await hook.close();
    standIn.close();
    file.remove();
  }
}

function tookOf(json: string): number {
  const { polls } = JSON.parse(json) as { polls: { summary: { tookMs: number } }[] }; // what `once --json` prints
  return polls[0]?.summary.tookMs ?? Number.NaN;
}

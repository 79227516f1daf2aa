import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Clock, SECOND_MS } from '../lib/clock.ts';
import { MALLOC_LIMITS, V8_LIMITS } from '../lib/v8-limits.ts';
import { isJsonObject, jsonOf } from '../sandbox/json.ts';

/** One line of the service's log. */
export type ServiceLine = Readonly<Record<string, unknown>>;

export interface ServiceEnd {
  /** null when a signal ended it. */
  readonly code: number | null;
  /** What it complained about last, as one line; empty if nothing. */
  readonly complaint: string;
}

export interface ServiceProcess {
  readonly ended: Promise<ServiceEnd>;
  /** SIGTERM, and SIGKILL where that is not obeyed within the promised 8 seconds; resolves when the process is gone. */
  stop(): Promise<ServiceEnd>;
}

/** The program beside this file: `dist/bin.js` when built, `src/bin.ts` when not. */
const BIN = fileURLToPath(new URL(`../bin${extname(import.meta.url)}`, import.meta.url));
const STOP_WITHIN_MS = 9 * SECOND_MS;
const LONGEST_COMPLAINT = 2_000;

/**
 * Starts `repairwatch run` as a process of its own. Nothing of the caller's environment but PATH reaches it: no key, no proxy. It is in a
 * process group of its own, so that Ctrl-C does not reach it twice; if this process dies, its next log line ends it.
 */
export function startServiceProcess(
  configPath: string,
  onLine: (line: ServiceLine) => void,
  clock: Clock,
): ServiceProcess {
  const child = spawn(process.execPath, [...V8_LIMITS, BIN, 'run', '--config', configPath], {
    env: { ...MALLOC_LIMITS, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-LONGEST_COMPLAINT);
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = jsonOf(text);
    if (isJsonObject(line)) onLine(line);
  });
  const ended = new Promise<ServiceEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: 1, complaint: error.message }));
    child.once('close', (code) => resolve({ code, complaint: complaint.trim().replace(/\s+/g, ' ') }));
  });
  return {
    ended,
    async stop() {
      const done = new AbortController();
      child.kill('SIGTERM');
      const late = clock.sleep(STOP_WITHIN_MS, done.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined, // it ended in time
      );
      const end = await ended;
      done.abort();
      await late;
      return end;
    },
  };
}

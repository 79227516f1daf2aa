import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MALLOC_LIMITS, V8_LIMITS } from '../../src/lib/v8-limits.ts';

/** The built program; `npm run build` makes it. */
const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

export interface ProgramOptions {
  /** The whole environment, PATH aside: nothing of the tester's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface ProgramEnd {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of the program's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly level: string };

export interface RunningProgram {
  readonly pid: number;
  /** The log's lines so far. */
  readonly log: readonly LogLine[];
  /** The first line of that event that fits, or the `count`th, also one that came already; rejects when the program ends without it. */
  waitForLog(event: string, fits?: (line: LogLine) => boolean, count?: number): Promise<LogLine>;
  /** The same for a line of any form; one that is not JSON is the event of its own line. */
  waitForLine(fits: (text: string) => boolean): Promise<LogLine>;
  kill(signal?: NodeJS.Signals): void;
  /** Nobody reads its stdout any more. */
  closeOutput(): void;
  readonly exited: Promise<ProgramEnd>;
}

/** Runs the built program to its end; it gets no input. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramEnd> {
  return endOf(launch(args, options));
}

/** Starts the built program and follows its log; whoever starts it must end it. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = launch(args, options);
  const log: LogLine[] = [];
  const waiting = new Set<() => void>();
  const tellAll = (): void => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(asLogLine(line));
    tellAll();
  });
  let end: ProgramEnd | null = null;
  const exited = endOf(child).then((ended) => {
    end = ended;
    tellAll();
    return ended;
  });
  const waitFor = (what: string, fits: (line: LogLine) => boolean, count = 1): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = log.filter(fits)[count - 1];
        if (found === undefined && end === null) return;
        waiting.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the program ended (${end?.code ?? end?.signal}) without ${what}: ${end?.stderr}`));
      };
      waiting.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    log,
    waitForLog: (event, fits = () => true, count = 1) =>
      waitFor(`"${event}"`, (line) => line.event === event && fits(line), count),
    waitForLine: (fits) => waitFor('the line', ({ event }) => fits(event)),
    kill: (signal = 'SIGTERM') => child.kill(signal),
    closeOutput: () => child.stdout.destroy(),
    exited,
  };
}

function launch(args: readonly string[], { env = {}, cwd }: ProgramOptions): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [...V8_LIMITS, BIN, ...args], {
    env: { ...MALLOC_LIMITS, PATH: process.env['PATH'], ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.end();
  return child;
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<ProgramEnd> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A line that is not JSON is kept as an event of its own, so that a test that fails shows it. */
function asLogLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine; // the log writes objects with these two names
  } catch {
    return { event: line, level: 'not-json' };
  }
}

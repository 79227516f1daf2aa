import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../lib/clock.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { DEMO_SCENARIO } from './demo-scenario.ts';
import { readScenario } from './read-scenario.ts';
import { type Answer, type Sandbox, startSandbox } from './sandbox.ts';
import { playScenario, type Scenario, type ScenarioStep } from './scenario.ts';
import { SANDBOX_KEY } from './signature.ts';

export interface ServeOptions {
  /** 0: any free port. */
  readonly port: number;
  /** A JSON file of steps; null: the built-in scenario. */
  readonly scenarioPath: string | null;
  /** Takes one line at a time. */
  readonly print: (line: string) => void;
  /** Ends the sandbox. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** How it ended: by the signal, or by a reason why it could not begin (one sentence a line). */
export type ServeResult = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** `repairwatch sandbox`: serves and plays until the signal; what happens is printed, a line for each request and each step. */
export async function serveSandbox(options: ServeOptions): Promise<ServeResult> {
  const { port, scenarioPath, print, signal, clock = systemClock } = options;
  const reading = await scenarioOf(scenarioPath);
  if (!reading.ok) return reading;
  const opened = await open(port, clock, (answer) => print(answerLine(answer)));
  if (!opened.ok) return opened;
  const { sandbox } = opened;
  for (const line of greeting(sandbox)) print(line);
  const onStep = (step: ScenarioStep): void => print(stepLine(step));
  const played = playScenario(sandbox.world(), reading.scenario, clock, { signal, onStep });
  await Promise.all([untilAborted(signal), played.catch((error: unknown) => ignoreAbort(error, signal))]);
  await sandbox.close();
  return { ok: true };
}

async function scenarioOf(
  path: string | null,
): Promise<{ readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problem: string }> {
  if (path === null) return { ok: true, scenario: DEMO_SCENARIO };
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return { ok: false, problem: `The scenario file ${path} cannot be read.` };
  const reading = readScenario(text);
  return reading.ok ? reading : { ok: false, problem: [`${path}:`, ...reading.problems].join('\n  ') };
}

async function open(
  port: number,
  clock: Clock,
  onAnswer: (answer: Answer) => void,
): Promise<{ readonly ok: true; readonly sandbox: Sandbox } | { readonly ok: false; readonly problem: string }> {
  try {
    return { ok: true, sandbox: await startSandbox({ port, clock, onAnswer }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ok: false, problem: `The sandbox cannot listen on port ${port} (${code}); choose another with --port.` };
  }
}

function greeting({ url }: Sandbox): readonly string[] {
  const { secretId, secretKey } = SANDBOX_KEY;
  return [
    `The sandbox listens on ${url}; Ctrl-C ends it. Set the key in the environment:`,
    `  export TENCENTCLOUD_SECRET_ID=${secretId}`,
    `  export TENCENTCLOUD_SECRET_KEY=${secretKey}`,
    'and point an account of the configuration at it:',
    `  accounts: [{ name: sandbox, endpoint: "${url}" }]`,
  ];
}

function answerLine({ at, arrival, outcome, rows }: Answer): string {
  const seen = rows === null ? '' : ` ${rows.count} of ${rows.total}`;
  return `${new Date(at).toISOString()}  ${arrival.action ?? '?'} ${arrival.body} → ${outcome}${seen}`;
}

function stepLine(step: ScenarioStep): string {
  return `   ${String(step.at).padStart(3)} s  ${step.do} ${step.taskId} ${JSON.stringify(step.row ?? {})}`;
}

/** The play is cut short by the same signal that ends the sandbox; any other error is a bug. */
function ignoreAbort(error: unknown, signal: AbortSignal): void {
  if (!signal.aborted) throw error;
}

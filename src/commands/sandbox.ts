import { serveSandbox } from '../sandbox/serve.ts';
import type { ExitCode } from './exit-code.ts';
import type { Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';

export interface SandboxOptions {
  readonly port: number;
  readonly scenario?: string;
}

/** `sandbox`: the stand-in for the API of Tencent Cloud, alone, until Ctrl-C. */
export async function sandbox({ port, scenario = '' }: SandboxOptions, screen: Screen): Promise<ExitCode> {
  const scenarioPath = scenario === '' ? null : scenario;
  const served = await serveSandbox({ port, scenarioPath, print: screen.print, signal: stopSignal() });
  if (served.ok) return 0;
  for (const line of served.problem.split('\n')) screen.complain(line);
  return 2;
}

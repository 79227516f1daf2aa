import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { V8_LIMITS } from '../../src/lib/v8-limits.ts';
import type { Measured } from './measured.ts';
import type { StandInOptions, StandInReport } from './stand-in.ts';

export interface StandIn {
  readonly port: number;
  readonly url: string;
  /** What came since the last report. */
  report(): Promise<StandInReport>;
  close(): void;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts a stand-in for the API with its tasks loaded. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const child = spawn(process.execPath, [here('stand-in.ts'), JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { port } = (await messageOf(child)) as { readonly port: number }; // what stand-in.ts sends first
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async report() {
      child.send('report');
      return (await messageOf(child)) as StandInReport; // what stand-in.ts sends to each message
    },
    close: () => void child.kill(),
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the stand-in ended')));
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}

/** Runs a reader to its end, ours within the memory that the program is given. */
export async function measure(script: 'ours.mjs' | 'official-loop.mjs', args: readonly string[]): Promise<Measured> {
  const limits = script === 'ours.mjs' ? V8_LIMITS : [];
  const child = spawn(process.execPath, [...limits, here(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(text) as Measured; // what both scripts print
}

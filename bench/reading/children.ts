import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MALLOC_LIMITS, V8_LIMITS } from '../../src/lib/v8-limits.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import type { ConfigFile } from '../../test/support/config-file.ts';
import type { Measured } from './measured.ts';
import type { StandInOptions, StandInReport } from './stand-in.ts';

export interface StandIn {
  readonly port: number;
  readonly url: string;
  /** What came since the last report. */
  report(): Promise<StandInReport>;
  close(): void;
}

/** Starts a second; more than any loopback answers, so that the pace is no limit. */
const WITHOUT_PACE = 5000;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts a stand-in for the API with its tasks loaded; it ends with this process at the latest. */
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

function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the stand-in ended'));
    child.once('exit', onExit).once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

/** Reads everything with the built program's own parts and without a pace, within the memory that the program is given. */
export function measureOurs(file: ConfigFile): Promise<Measured> {
  return measure([...V8_LIMITS, here('ours.mjs'), file.path, String(WITHOUT_PACE)], MALLOC_LIMITS);
}

/** Reads with the official SDK, page after page, at most so many, into a JSON file. */
export function measureOfficial(standIn: StandIn, directory: string, pages: number): Promise<Measured> {
  const { port } = standIn;
  const key = JSON.stringify(SANDBOX_KEY);
  return measure([here('official-loop.mjs'), String(port), join(directory, 'tasks.json'), key, String(pages)]);
}

async function measure(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Measured> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return JSON.parse(text) as Measured; // what both scripts print
}

import { runDemo } from '../demo/demo.ts';
import type { Language } from '../model/vocabulary.ts';
import type { ExitCode } from './exit-code.ts';
import type { Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';

export interface DemoOptions {
  /** Of every message; left out, both are shown. */
  readonly language?: Language | null;
}

/** `demo`: shows what the service does, with stand-ins on loopback for everything outside. */
export async function demo({ language = null }: DemoOptions, screen: Screen): Promise<ExitCode> {
  const { print, columns, colour } = screen;
  return (await runDemo({ signal: stopSignal(), print, columns, colour, language })) === 0 ? 0 : 1;
}

import { runDemo } from '../demo/demo.ts';
import type { ExitCode } from './exit-code.ts';
import type { LanguageOptions, Screen } from './screen.ts';
import { stopSignal } from './stop-signal.ts';

/** `demo`: shows what the service does, with stand-ins on loopback for everything outside. */
export async function demo({ language = 'en' }: LanguageOptions, screen: Screen): Promise<ExitCode> {
  const { print, columns, colour } = screen;
  return (await runDemo({ signal: stopSignal(), print, columns, colour, language })) === 0 ? 0 : 1;
}

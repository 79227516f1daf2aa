import { escapeUnprintable, hideCredentials } from '../lib/safe-text.ts';
import type { Screen } from './screen.ts';

/** What is used of `process`. */
interface Output {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Stream;
  readonly stderr: Stream;
}

interface Stream {
  readonly isTTY?: boolean;
  /** 0 or undefined where there is no terminal to ask. */
  readonly columns?: number | undefined;
  write(text: string): boolean;
}

/** The process's own stdout and stderr; NO_COLOR and FORCE_COLOR decide before the terminal does. */
export function processScreen(process: Output): Screen {
  const { stdout, stderr, env } = process;
  return {
    env,
    columns: columnsOf(env['COLUMNS'], stdout.isTTY === true ? stdout.columns : undefined),
    colour: wantsColour(env, stdout.isTTY === true),
    print(text) {
      stdout.write(`${text}\n`);
    },
    complain(sentence) {
      stderr.write(`${escapeUnprintable(hideCredentials(sentence.replace(/\s*\n\s*/g, ' ')))}\n`);
    },
  };
}

const NARROWEST = 40;

function columnsOf(stated: string | undefined, terminal: number | undefined): number {
  const columns = Number(stated ?? '') || terminal || Number.POSITIVE_INFINITY;
  return Math.max(NARROWEST, columns);
}

function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = env['FORCE_COLOR'];
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

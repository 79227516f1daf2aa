import { createLog, type Log } from '../lib/log.ts';
import type { CommonOptions } from './screen.ts';

/** The log of a command whose stdout is its answer: on stderr, warnings and errors unless told otherwise. */
export function commandLog({ logLevel = 'warn' }: CommonOptions): Log {
  const { stderr } = process;
  return createLog({ level: logLevel, pretty: stderr.isTTY, write: (line) => void stderr.write(line) });
}

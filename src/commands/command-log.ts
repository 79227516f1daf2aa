import { createLog, type Log } from '../lib/log.ts';
import type { CommonOptions } from './screen.ts';

/** The log of a command whose stdout is its answer: on stderr, warnings and errors unless told otherwise. `write`: to stderr unless given. */
export function commandLog({ logLevel = 'warn' }: CommonOptions, write?: (line: string) => void): Log {
  const { stderr } = process;
  return createLog({ level: logLevel, pretty: stderr.isTTY, write: write ?? ((line) => void stderr.write(line)) });
}

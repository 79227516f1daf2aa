import { cleanLine } from '../lib/clean-text.ts';
import { createLog, type Log, silentLog } from '../lib/log.ts';
import { TRIES } from '../tencent/persist.ts';
import type { CommonOptions, Screen } from './screen.ts';

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): boolean;
}

/**
 * The log of a question whose asker waits for the answer, never JSON: on a terminal a sentence for each try that failed, elsewhere nothing, since
 * the failure itself is told; the log's lines only where --log-level asks for them.
 */
export function retryLines({ logLevel }: CommonOptions, { complain }: Screen, stderr: Stream): Log {
  if (logLevel !== undefined)
    return createLog({ level: logLevel, pretty: true, write: (line) => void stderr.write(line) });
  if (stderr.isTTY !== true) return silentLog;
  const log: Log = {
    ...silentLog,
    warn(event, { code, tries } = {}) {
      if (event === 'api-retried')
        complain(`Try ${tries} of ${TRIES} failed (${cleanLine(String(code))}); it is asked again.`);
    },
    child: () => log,
  };
  return log;
}

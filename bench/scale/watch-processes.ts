import { readdirSync, readlinkSync } from 'node:fs';
import { SECOND_MS } from '../../src/lib/clock.ts';
import { processorMs } from '../reading/processor.ts';
import { sampleResident } from '../reading/resident.ts';

export interface ProcessCosts {
  /** Of one core, all processes together. */
  readonly processorShare: number;
  /** The greatest of each. */
  readonly residentMb: readonly number[];
  /** The most that one of them had open. */
  readonly sockets: number;
}

/** Looks at these processes each second until the stop. */
export function watchProcesses(pids: readonly number[]): { stop(): ProcessCosts } {
  const begun = performance.now();
  const processor = () => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  const before = processor();
  const resident = pids.map(sampleResident);
  let sockets = 0;
  const look = (): void => {
    sockets = Math.max(sockets, ...pids.map(socketsOf));
  };
  const timer = setInterval(look, SECOND_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return {
        processorShare: (processor() - before) / (performance.now() - begun),
        residentMb: resident.map((samples) => Math.max(...samples.stop())),
        sockets,
      };
    },
  };
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => linkOf(`${folder}/${name}`).startsWith('socket:')).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

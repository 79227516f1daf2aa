import { processorMs } from '../reading/processor.ts';
import { sampleResident } from '../reading/resident.ts';

export interface ProcessCosts {
  /** Of one core, all processes together. */
  readonly processorShare: number;
  /** The greatest of each. */
  readonly residentMb: readonly number[];
}

/** Looks at these processes each second until the stop. */
export function watchProcesses(pids: readonly number[]): { stop(): ProcessCosts } {
  const begun = performance.now();
  const processor = () => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  const before = processor();
  const resident = pids.map(sampleResident);
  return {
    stop: () => ({
      processorShare: (processor() - before) / (performance.now() - begun),
      residentMb: resident.map((samples) => Math.max(...samples.stop())),
    }),
  };
}

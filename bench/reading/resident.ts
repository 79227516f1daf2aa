import { readFileSync } from 'node:fs';
import { SECOND_MS } from '../../src/lib/clock.ts';

/** Resident memory of another process in MB, as Linux tells it; NaN once it has ended. */
export function residentMb(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Samples it each second, at once and at the stop too; what is sampled after its end is left out. */
export function sampleResident(pid: number): { stop(): readonly number[] } {
  const samples: number[] = [residentMb(pid)];
  const timer = setInterval(() => samples.push(residentMb(pid)), SECOND_MS);
  return {
    stop() {
      clearInterval(timer);
      samples.push(residentMb(pid));
      return samples.filter((sample) => !Number.isNaN(sample));
    },
  };
}

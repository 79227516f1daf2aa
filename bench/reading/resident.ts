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

/** Samples it each second until stopped. */
export function sampleResident(pid: number): { stop(): readonly number[] } {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMb(pid)), SECOND_MS);
  return {
    stop() {
      clearInterval(timer);
      return samples.filter((sample) => !Number.isNaN(sample));
    },
  };
}

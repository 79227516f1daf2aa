import { readFileSync } from 'node:fs';

/** The processes that this one has started and that have not ended, as Linux lists them. */
export function childrenOf(pid: number): readonly number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return listed.split(/\s+/).filter(Boolean).map(Number);
}

import type { EpochMs } from '../lib/clock.ts';
import type { AuditFound, SetName, SetReport } from '../model/poll.ts';
import { isOpen, PENDING, type RepairTask } from '../model/task.ts';
import { isBackground, type PageVerdict } from './diff.ts';
import { isLate, type ProvenSeconds } from './signs.ts';
import type { Page, ReadCost, ReadFailure, ReadResult } from './task-reader.ts';
import type { DatedId, WalkProblem } from './walk.ts';

/** What a reading has seen so far that later steps of it need. */
export interface Seen {
  /** Tasks seen in two states that must be asked for again: id → CreateTime. */
  readonly contradicted: Map<string, EpochMs>;
  /** The server's Date at the first answer. */
  startedAt: EpochMs | null;
  /** The task of the greatest CreateTime. */
  greatest: DatedId | null;
  /** A task that was first seen in a second that was proven before. */
  late: DatedId | null;
  /** Of an audit: how many of these, and a pending one of them. */
  readonly found: { -readonly [status in keyof AuditFound]: number };
  foundPending: string | null;
  throttles: number;
  retries: number;
  /** The first one, but a refusal before all others: it lasts until someone acts. */
  failure: ReadFailure | null;
}

/** Counts what a reading of an account costs and sees, set by set. */
export interface Tally {
  readonly seen: Seen;
  readonly set: SetName;
  begin(set: SetName): void;
  answer(result: ReadResult, now: EpochMs): void;
  /** What requests cost. Those of an answer are counted with it. */
  spent(cost: ReadCost): void;
  page(set: SetName, page: Page, verdict: PageVerdict): void;
  /** Tasks of newly proven seconds. */
  proved(tasks: number): void;
  setAside(rows: number): void;
  note(sentence: string): void;
  /** Ends the set. Returns its line in the ledger. */
  report(problem: WalkProblem): SetReport;
  /** The lines of the sets that have ended. */
  readonly reports: readonly SetReport[];
  /** The same and the line of the set under way, if there is one, as not whole for this reason. */
  soFar(reason: string): readonly SetReport[];
}

export function createTally(proven: ProvenSeconds | null): Tally {
  let now = nothing('live');
  let underWay = false;
  const reports: SetReport[] = [];
  /** Of a poll. Few: of all others the store says whether it has seen them. */
  const sightedBefore = new Set<string>();
  const seen: Seen = {
    contradicted: new Map(),
    startedAt: null,
    greatest: null,
    late: null,
    found: { pending: 0, open: 0, closed: 0 },
    foundPending: null,
    throttles: 0,
    retries: 0,
    failure: null,
  };
  const late = (task: RepairTask, inAudit: boolean): void => {
    seen.late ??= task;
    if (!inAudit) return;
    const status = foundAs(task);
    seen.found[status] += 1;
    if (status === 'pending') seen.foundPending ??= task.taskId;
  };
  const spent: Tally['spent'] = ({ requests, throttles }) => {
    now.requests += requests;
    seen.retries += Math.max(0, requests - 1);
    seen.throttles += throttles;
  };
  return {
    seen,
    reports,
    get set() {
      return now.set;
    },
    begin(set) {
      now = nothing(set);
      underWay = true;
    },
    spent,
    answer(result, at) {
      spent(result.cost);
      if (!result.ok) {
        if (seen.failure?.kind !== 'blocked' && (seen.failure === null || result.failure.kind === 'blocked'))
          seen.failure = result.failure;
        return;
      }
      seen.startedAt ??= result.page.serverDate ?? at;
      now.totalCount ??= result.page.totalCount;
    },
    page(set, { rows }, { sighted, unmarked, contradicted, firstSeen }) {
      if (!isBackground(set)) now.distinct += sighted.filter((taskId) => !sightedBefore.has(taskId)).length;
      for (const taskId of unmarked) sightedBefore.add(taskId);
      for (const task of contradicted) seen.contradicted.set(task.taskId, task.createTime);
      for (const task of rows)
        if (seen.greatest === null || task.createTime > seen.greatest.createTime) seen.greatest = task;
      for (const task of firstSeen) if (isLate(task, proven)) late(task, set === 'audit');
    },
    proved(tasks) {
      now.distinct += tasks;
    },
    setAside(rows) {
      now.setAside += rows;
    },
    note(sentence) {
      now.notes.push(sentence);
    },
    report(problem) {
      const report = reportOf(now, seen.found, problem);
      underWay = false;
      reports.push(report);
      return report;
    },
    soFar: (reason) => (underWay ? [...reports, reportOf(now, seen.found, { reason, failure: null })] : reports),
  };
}

function nothing(set: SetName) {
  return {
    set,
    requests: 0,
    distinct: 0,
    totalCount: null as number | null,
    setAside: 0,
    notes: [] as string[],
  };
}

function reportOf(
  { notes, ...counts }: ReturnType<typeof nothing>,
  found: AuditFound,
  problem: WalkProblem,
): SetReport {
  return {
    ...counts,
    complete: problem === null,
    reason: problem?.reason ?? null,
    ...(notes.length > 0 && { notes }),
    ...(counts.set === 'audit' && { found: { ...found } }),
  };
}

function foundAs(task: RepairTask): keyof AuditFound {
  if (task.taskStatus === PENDING) return 'pending';
  return isOpen(task) ? 'open' : 'closed';
}

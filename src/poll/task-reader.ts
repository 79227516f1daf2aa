import type { EpochMs } from '../lib/clock.ts';
import type { RepairTask } from '../model/task.ts';

/** The port through which polls read the API: one request, one answer, every expected failure a value. */
export interface TaskReader {
  /**
   * One page of DescribeTaskInfo: paced, signed, tried again where that helps, parsed. Rejects only with the signal's reason;
   * `stopped` learns before what was spent by then. Rows come in the API's order.
   */
  read(
    query: PageQuery,
    priority: Priority,
    signal: AbortSignal,
    stopped?: (cost: ReadCost) => void,
  ): Promise<ReadResult>;
}

/** Who goes first when the pace allows one request: from live (first) to commands (last). */
export const PRIORITIES = ['live', 'new', 'backfill', 'audit', 'command'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The whole call of the vendor's page, in our units. What is absent is not sent. */
export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
  /** By CreateTime; whole seconds. Whether a bound belongs to the window is undocumented. */
  readonly startDate: EpochMs;
  /** Absent: up to the server's now. */
  readonly endDate?: EpochMs;
  readonly taskStatus?: readonly number[];
  readonly taskTypeIds?: readonly number[];
  readonly taskIds?: readonly string[];
  readonly instanceIds?: readonly string[];
  readonly aliases?: readonly string[];
  readonly product?: string;
  /** CreateTime (as where it is absent), AuthTime, EndTime, or what the vendor adds. */
  readonly orderField?: string;
  readonly order?: 'ascending' | 'descending';
}

/** A row that cannot be read: set aside, its neighbours are not. */
export interface BadRow {
  readonly taskId: string | null;
  readonly raw: string;
  readonly problem: string;
}

export interface Page {
  readonly totalCount: number;
  readonly rows: readonly RepairTask[];
  readonly bad: readonly BadRow[];
  readonly requestId: string;
  /** The server's clock at the answer, from the Date header; null if it sent none. */
  readonly serverDate: EpochMs | null;
  /** Enumeration values that the vendor's page does not list, e.g. `AuthType 9`. */
  readonly unknownValues: readonly string[];
}

/**
 * `blocked`: the account may not read until someone acts (key, permission, blacklist).
 * `refused`: the request itself is not taken (InvalidParameter*, InvalidAction …): a bug, a wrong setting, or a limit found by trying.
 * `unavailable`: trouble that passes (throttled, 5xx, sockets, time-outs, bad bodies), still there after the tries.
 */
export interface ReadFailure {
  readonly kind: 'blocked' | 'refused' | 'unavailable';
  /** The API's code, or ours: `HTTP 502`, `timeout`, `bad-body`. */
  readonly code: string;
  /** One sentence for people: what failed, the value, the remedy; with the RequestId where there is one. No secret. */
  readonly message: string;
  readonly requestId: string | null;
}

/** What a read cost, retries included. */
export interface ReadCost {
  readonly requests: number;
  readonly throttles: number;
}

export type ReadResult =
  | {
      readonly ok: true;
      readonly page: Page;
      readonly cost: ReadCost;
      /** How long the API took, without any wait for the pace; absent where nobody measured it. */
      readonly answeredInMs?: number;
    }
  | { readonly ok: false; readonly failure: ReadFailure; readonly cost: ReadCost };

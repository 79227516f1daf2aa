import type { RepairTask } from '../../src/model/task.ts';
import type { PageQuery, ReadResult, TaskReader } from '../../src/poll/task-reader.ts';
import { type Random, seededRandom } from '../../src/sandbox/seeded-random.ts';
import { repairTask } from './repair-task.ts';

/** How a world reads what the vendor leaves undocumented. */
interface WorldSwitches {
  readonly startInclusive: boolean;
  readonly endInclusive: boolean;
  readonly taskIdsMax: number;
  /** No page has more rows, whatever the Limit. */
  readonly pageMax: number;
  /** The widest window; wider is refused. */
  readonly spanMs: number;
}

const GENEROUS: WorldSwitches = {
  startInclusive: true,
  endInclusive: true,
  taskIdsMax: 100,
  pageMax: Number.POSITIVE_INFINITY,
  spanMs: Number.POSITIVE_INFINITY,
};

interface Row {
  task: RepairTask;
  listed: boolean;
}

/**
 * A model of the API that changes only when a test says so; ties within a second are drawn anew for every answer. The property has a restless
 * one, in restless/.
 */
export class ModelWorld implements TaskReader {
  readonly #rows = new Map<string, Row>();
  readonly #now: () => number;
  readonly #switches: WorldSwitches;
  readonly #random: Random = seededRandom(1);
  #born = 0;
  requests = 0;

  /** Generous but for what `switches` says. */
  constructor(now: number | (() => number), switches: Partial<WorldSwitches> = {}) {
    this.#now = typeof now === 'number' ? () => now : now;
    this.#switches = { ...GENEROUS, ...switches };
  }

  birth(createTime: number, taskStatus = 1): string {
    this.#born += 1;
    const taskId = `rep-${String(this.#born).padStart(8, '0')}`;
    this.#rows.set(taskId, { task: repairTask({ taskId, createTime, taskStatus }), listed: true });
    return taskId;
  }

  move(taskId: string, taskStatus: number): void {
    this.#change(taskId, (row) => {
      row.task = { ...row.task, taskStatus };
    });
  }

  list(taskId: string, listed: boolean): void {
    this.#change(taskId, (row) => {
      row.listed = listed;
    });
  }

  async read(query: PageQuery): Promise<ReadResult> {
    this.requests += 1;
    const { startInclusive, endInclusive, taskIdsMax, pageMax, spanMs } = this.#switches;
    const end = query.endDate ?? this.#now();
    if ((query.taskIds?.length ?? 0) > taskIdsMax) return refused('too many TaskIds');
    if (end - query.startDate > spanMs) return refused('the window is too wide');
    const after = query.startDate - (startInclusive ? 1 : 0);
    const before = end + (endInclusive || query.endDate === undefined ? 1 : 0);
    const rows = [...this.#rows.values()]
      .filter(({ listed }) => listed)
      .map(({ task }) => task)
      .filter((task) => task.createTime > after && task.createTime < before)
      .filter((task) => query.taskStatus?.includes(task.taskStatus) ?? true)
      .filter((task) => query.taskIds?.includes(task.taskId) ?? true)
      .map((task) => ({ task, tie: this.#random() }))
      .sort((a, b) => a.task.createTime - b.task.createTime || a.tie - b.tie)
      .map(({ task }) => task);
    const page = rows.slice(query.offset, query.offset + Math.min(query.limit, pageMax));
    return {
      ok: true,
      cost: { requests: 1, throttles: 0 },
      page: {
        totalCount: rows.length,
        rows: page,
        bad: [],
        requestId: 'r',
        serverDate: this.#now(),
        unknownValues: [],
      },
    };
  }

  #change(taskId: string, change: (row: Row) => void): void {
    const row = this.#rows.get(taskId);
    if (row === undefined) return;
    change(row);
  }
}

function refused(why: string): ReadResult {
  const message = `InvalidParameterValue: ${why}`;
  return {
    ok: false,
    cost: { requests: 1, throttles: 0 },
    failure: { kind: 'refused', code: 'InvalidParameterValue', message, requestId: 'r' },
  };
}

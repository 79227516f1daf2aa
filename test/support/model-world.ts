import { SECOND_MS } from '../../src/lib/clock.ts';
import type { RepairTask } from '../../src/model/task.ts';
import type { PageQuery, ReadResult, TaskReader } from '../../src/poll/task-reader.ts';
import { repairTask } from './repair-task.ts';

/** How a world reads what the vendor leaves undocumented. */
export interface WorldSwitches {
  readonly startInclusive: boolean;
  readonly endInclusive: boolean;
  readonly taskIdsMax: number;
  /** The widest window; wider is refused. */
  readonly spanMs: number;
}

export interface WorldOptions {
  readonly switches: WorldSwitches;
  readonly random: () => number;
  /** Changes before each request; how many is up to `random`. */
  readonly restless: boolean;
  readonly now: number;
}

interface Row {
  task: RepairTask;
  listed: boolean;
}

/**
 * A model of the API and of what happens behind it: before every request tasks are born (with a CreateTime in the past), change their status,
 * vanish and come back; ties within a second are drawn anew for every answer. It also keeps what a reader must have seen: the tasks
 * that were listed in status 1 all the time since `watch()`.
 */
export class ModelWorld implements TaskReader {
  readonly #rows = new Map<string, Row>();
  readonly #options: WorldOptions;
  #always = new Set<string>();
  #born = 0;
  requests = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
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

  /** From now on: which tasks are listed in status 1 without a break. */
  watch(): void {
    this.#always = new Set(
      [...this.#rows].filter(([, row]) => row.listed && row.task.taskStatus === 1).map(([id]) => id),
    );
  }

  pendingAllAlong(): ReadonlySet<string> {
    return this.#always;
  }

  statusOf(taskId: string): number | null {
    const row = this.#rows.get(taskId);
    return row?.listed ? row.task.taskStatus : null;
  }

  async read(query: PageQuery): Promise<ReadResult> {
    this.requests += 1;
    if (this.#options.restless) this.#live();
    const { switches, now } = this.#options;
    const end = query.endDate ?? now;
    if ((query.taskIds?.length ?? 0) > switches.taskIdsMax) return refused('too many TaskIds');
    if (end - query.startDate > switches.spanMs) return refused('the window is too wide');
    const after = query.startDate - (switches.startInclusive ? 1 : 0);
    const before = end + (switches.endInclusive || query.endDate === undefined ? 1 : 0);
    const rows = [...this.#rows.values()]
      .filter(({ listed }) => listed)
      .map(({ task }) => task)
      .filter((task) => task.createTime > after && task.createTime < before)
      .filter((task) => query.taskStatus?.includes(task.taskStatus) ?? true)
      .filter((task) => query.taskIds?.includes(task.taskId) ?? true)
      .map((task) => ({ task, tie: this.#options.random() }))
      .sort((a, b) => a.task.createTime - b.task.createTime || a.tie - b.tie)
      .map(({ task }) => task);
    const page = rows.slice(query.offset, query.offset + query.limit);
    return {
      ok: true,
      cost: { requests: 1, throttles: 0 },
      page: { totalCount: rows.length, rows: page, bad: [], requestId: 'r', serverDate: now, unknownValues: [] },
    };
  }

  /** What happens between two requests. */
  #live(): void {
    const { random, now } = this.#options;
    const ids = [...this.#rows.keys()];
    const some = (): string => ids[Math.floor(random() * ids.length)] ?? '';
    for (let changes = Math.floor(random() * 4); changes > 0; changes -= 1) {
      const what = random();
      if (what < 0.3) this.birth(now - Math.floor(random() * 600) * SECOND_MS, random() < 0.7 ? 1 : 2);
      else if (what < 0.7) this.move(some(), 1 + Math.floor(random() * 6));
      else this.list(some(), random() < 0.5);
    }
  }

  #change(taskId: string, change: (row: Row) => void): void {
    const row = this.#rows.get(taskId);
    if (row === undefined) return;
    change(row);
    if (!row.listed || row.task.taskStatus !== 1) this.#always.delete(taskId);
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

/** What everybody's script does: page after page by offset, until a short one. Returns the ids it saw. */
export async function readByOffset(world: TaskReader, startDate: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let offset = 0; ; offset += 100) {
    const query = { limit: 100, offset, startDate, taskStatus: [1, 2, 4] };
    const answer = await world.read(query, 'live', new AbortController().signal);
    if (!answer.ok) throw new Error(answer.failure.message);
    for (const row of answer.page.rows) seen.add(row.taskId);
    if (answer.page.rows.length < 100) return seen;
  }
}

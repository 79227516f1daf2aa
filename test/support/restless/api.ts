import type { RepairTask } from '../../../src/model/task.ts';
import type { BadRow, Page, PageQuery, ReadFailure, ReadResult, TaskReader } from '../../../src/poll/task-reader.ts';
import { type Random, shuffle } from '../../../src/sandbox/seeded-random.ts';
import type { Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';
import { shownAt, type World } from './world.ts';

/** A request is on its way for up to so long, in each direction. */
const LONGEST_WAY_MS = 20;
const REMEMBERED_REQUESTS = 12;
/** A poll that asks more often does not end. */
const MOST_REQUESTS = 20_000;
const MANY = 1_000_000;

/**
 * The API in front of a world. Requests overlap: each answer is made at some moment between its beginning and its end, and shows what that
 * moment (or, on a lagging replica, one before it) showed. `calm` turns everything off that goes wrong by itself.
 */
export class RestlessApi implements TaskReader {
  calm = false;
  /** Asked since the property set it to 0. */
  asked = 0;
  /** Tasks that came as a row that cannot be read. */
  readonly garbled = new Set<string>();
  readonly #requests: Request[] = [];
  readonly #scene: Scene;
  readonly #world: World;
  readonly #timeline: Timeline;
  readonly #random: Random;

  constructor(scene: Scene, world: World, timeline: Timeline, random: Random) {
    this.#scene = scene;
    this.#world = world;
    this.#timeline = timeline;
    this.#random = random;
  }

  read(query: PageQuery): Promise<ReadResult> {
    this.asked += 1;
    if (this.asked > MOST_REQUESTS)
      return Promise.reject(new Error(`The poll did not end after ${MOST_REQUESTS} requests.`));
    const { promise, resolve } = Promise.withResolvers<ReadResult>();
    const asked = this.#timeline.now;
    this.#timeline.after(this.#way(), () => {
      const answer = this.#answer(query);
      this.#remember({ asked, answered: this.#timeline.now, query, answer });
      this.#timeline.after(this.#way(), () => resolve(answer));
    });
    return promise;
  }

  /** The last requests, a line each, for a failure's message. */
  lastRequests(): string[] {
    return this.#requests.map(describe);
  }

  #answer(query: PageQuery): ReadResult {
    const { spanMs, taskIdsMax, failing, countApart } = this.#scene;
    if ((query.taskIds?.length ?? 0) > taskIdsMax)
      return failed('refused', 'InvalidParameterValue', 'too many TaskIds');
    const [start, end] = this.#bounds(query);
    if (end - start > spanMs) return failed('refused', 'InvalidParameterValue', 'the window is too wide');
    if (!this.calm && this.#random() < failing) return failed('unavailable', 'HTTP 502', 'bad gateway');
    const rows = this.#rows(query, this.#viewAt());
    const totalCount = countApart ? this.#rows(query, this.#viewAt()).length : rows.length;
    // Whoever only wants to know how many there are hears that they are many, so that small worlds leave something to the background, too.
    if (query.limit === 1) return { ok: true, cost: COST, page: this.#page(MANY, rows.slice(0, 1)) };
    const page = rows.slice(query.offset, query.offset + Math.min(query.limit, this.#scene.clamp));
    return { ok: true, cost: COST, page: this.#spoil(this.#garble(this.#page(totalCount, page))) };
  }

  /** The window by the API's clock and zone; without an EndDate it ends now. */
  #bounds({ startDate, endDate }: PageQuery): [number, number] {
    const { zoneMs } = this.#scene;
    return [startDate + zoneMs, endDate === undefined ? this.#timeline.now : endDate + zoneMs];
  }

  #viewAt(): number {
    return this.#timeline.now - Math.floor(this.#random() * (this.#scene.lagMs + 1));
  }

  #rows(query: PageQuery, at: number): RepairTask[] {
    const { startInclusive, endInclusive, ties } = this.#scene;
    const [start, end] = this.#bounds(query);
    const after = start - (startInclusive ? 1 : 0);
    const before = end + (endInclusive || query.endDate === undefined ? 1 : 0);
    const ids = query.taskIds === undefined ? null : new Set(query.taskIds);
    const rows: RepairTask[] = [];
    for (const row of this.#world.rows) {
      if (row.createTime <= after || row.createTime >= before || ids?.has(row.taskId) === false) continue;
      const shown = shownAt(row, at);
      if (shown?.listed !== true) continue;
      const { task } = shown;
      if (query.taskStatus?.includes(task.taskStatus) === false) continue;
      if (query.product !== undefined && query.product !== task.product) continue;
      rows.push(task);
    }
    if (ties === 'shuffled') shuffle(rows, this.#random);
    return rows.sort((a, b) => a.createTime - b.createTime);
  }

  /** As the account reads it: with its own idea of the zone. */
  #page(totalCount: number, rows: readonly RepairTask[]): Page {
    const { zoneMs } = this.#scene;
    const seen = zoneMs === 0 ? rows : rows.map((row) => ({ ...row, createTime: row.createTime - zoneMs }));
    return { totalCount, rows: seen, bad: [], requestId: 'r', serverDate: this.#timeline.now, unknownValues: [] };
  }

  #garble(page: Page): Page {
    if (this.calm || this.#scene.garbage === 0) return page;
    const rows: RepairTask[] = [];
    const bad: BadRow[] = [];
    for (const row of page.rows) {
      if (this.#random() >= this.#scene.garbage) rows.push(row);
      else {
        this.garbled.add(row.taskId);
        const taskId = this.#random() < 0.5 ? row.taskId : null;
        bad.push({
          taskId,
          raw: `{"TaskId":${JSON.stringify(taskId)},"n":${row.createTime}}`,
          problem: 'TaskStatus: no number',
        });
      }
    }
    return { ...page, rows, bad };
  }

  #spoil(page: Page): Page {
    if (this.calm || this.#random() >= this.#scene.faulty) return page;
    // A short page under a count of its own can look whole: then nobody could know.
    const how = this.#scene.countApart ? 1 : this.#random();
    if (how < 0.4) return { ...page, rows: page.rows.filter(() => this.#random() < 0.7) };
    if (how < 0.7) return { ...page, rows: [], bad: [] };
    return { ...page, rows: page.rows.toReversed() };
  }

  #way(): number {
    return 1 + Math.floor(this.#random() * LONGEST_WAY_MS);
  }

  #remember(request: Request): void {
    if (this.#requests.length === REMEMBERED_REQUESTS) this.#requests.shift();
    this.#requests.push(request);
  }
}

interface Request {
  readonly asked: number;
  readonly answered: number;
  readonly query: PageQuery;
  readonly answer: ReadResult;
}

const COST = { requests: 1, throttles: 0 };

function failed(kind: ReadFailure['kind'], code: string, why: string): ReadResult {
  return { ok: false, cost: COST, failure: { kind, code, message: `${code}: ${why}`, requestId: 'r' } };
}

function describe({ asked, answered, query, answer }: Request): string {
  const time = (at: number): string => new Date(at).toISOString().slice(5, 23);
  const { startDate, endDate, offset, taskStatus, taskIds } = query;
  const window = `${time(startDate)}..${endDate === undefined ? '' : time(endDate)} offset ${offset}`;
  const what = `${window} status ${taskStatus ?? '*'} ids ${taskIds?.map((id) => id.slice(-3)).join() ?? '*'}`;
  const got = answer.ok
    ? `${answer.page.rows.map((row) => `${row.taskId.slice(-3)}:${row.taskStatus}`).join(' ')} bad ${answer.page.bad.length} of ${answer.page.totalCount}`
    : answer.failure.message;
  return `${time(asked)}–${time(answered)} ${what} → ${got}`;
}

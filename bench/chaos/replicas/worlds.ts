import { DAY_MS } from '../../../src/lib/clock.ts';
import type { VendorRow } from '../../../src/sandbox/row.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { Random } from '../../../src/sandbox/seeded-random.ts';
import type { Asked } from '../counterparts.ts';
import type { LivedIn } from '../life.ts';
import { anyOf, type ChaosAccount } from './accounts.ts';

/** Every account's tasks as if they were of one world: a new task falls to any of them, and its id is of no other. */
export interface Worlds extends LivedIn {
  /** Which account a request reads. */
  accountOf(asked: Asked): string;
  /** Somebody books a task. */
  book(taskId: string): void;
  /** Gives each busy account its booked tasks. */
  fill(): void;
}

/** Nine pages: as many as a reading walks one after the other. */
const BOOKED_EACH = 850;
const BOOKED_WITHIN_MS = 60 * DAY_MS;

/** `sandboxOf`: it asks for `accountOf` before it has started. */
export function createWorlds(accounts: readonly ChaosAccount[], sandboxOf: () => Sandbox, random: Random): Worlds {
  const owners = new Map<string, ChaosAccount>();
  const byQuestion = new Map(accounts.map((account) => [`${account.key.secretId} ${account.product}`, account.name]));

  function ofTask(taskId: string): ChaosAccount {
    const owner = owners.get(taskId);
    if (owner === undefined) throw new Error(`${taskId} is of no account`);
    return owner;
  }

  const worldOf = ({ key }: ChaosAccount) => sandboxOf().world(key.secretId);

  function owned(task: Partial<VendorRow>, account: ChaosAccount): Partial<VendorRow> {
    const TaskId = `rep-${owners.size.toString(36).padStart(8, '0')}`;
    owners.set(TaskId, account);
    return { ...task, TaskId, Product: account.product };
  }

  return {
    add(task = {}) {
      const account = anyOf(accounts, random);
      return worldOf(account).add(owned(task, account));
    },
    load(tasks) {
      for (const task of tasks) {
        const account = anyOf(accounts, random);
        worldOf(account).load([owned(task, account)]);
      }
    },
    book: (taskId) => void worldOf(ofTask(taskId)).set(taskId, { TaskStatus: 4, AuthSource: 'Customer_auth' }),
    fill() {
      const booked = () => ({
        TaskStatus: 4,
        CreateTime: sandboxOf().time(Date.now() - Math.floor((0.1 + 0.9 * random()) * BOOKED_WITHIN_MS)),
      });
      for (const account of accounts.filter(({ busy }) => busy))
        worldOf(account).load(Array.from({ length: BOOKED_EACH }, () => owned(booked(), account)));
    },
    get: (taskId) => worldOf(ofTask(taskId)).get(taskId),
    set: (taskId, changes) => worldOf(ofTask(taskId)).set(taskId, changes),
    remove: (taskId) => worldOf(ofTask(taskId)).remove(taskId),
    restore: (taskId) => worldOf(ofTask(taskId)).restore(taskId),
    time: (at) => sandboxOf().world().time(at),
    // By id without a product, and nobody asks for the tasks of several accounts together.
    accountOf({ secretId, product, taskIds: [taskId] }) {
      const owner = taskId === undefined ? undefined : owners.get(taskId);
      return owner?.name ?? byQuestion.get(`${secretId} ${product}`) ?? `${secretId} ${product}`;
    },
  };
}

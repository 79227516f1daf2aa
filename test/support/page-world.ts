import { HOUR_MS } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import type { CliStage } from './cli-stage.ts';

/** The most urgent one of the world below: it may lose data and starts by itself in three hours. */
export const FIRST = { TaskId: 'rep-first001', InstanceId: 'ins-first001', Alias: 'kafka-data-03' } as const;
/** Starts sooner than that, without a risk for data. */
export const SOONER = { TaskId: 'rep-soon0001', InstanceId: 'ins-soon0001', Alias: '订单服务-广州-07' } as const;
/** Over, on the instance whose name nobody shortened. */
export const DONE = {
  TaskId: 'rep-done0001',
  Alias: 'very-long-name-of-a-machine-that-somebody-called-so-and-nobody-renamed',
};

/** Lists one task of each look that the page has: with and without a risk, a deadline, a name; booked, running and over ones. */
export function fillPageWorld({ sandbox }: Pick<CliStage, 'sandbox'>): void {
  const world = sandbox.world();
  const now = sandbox.now();
  const inHours = (hours: number): string => sandbox.time(now + hours * HOUR_MS);
  const add = (row: Partial<VendorRow>): unknown => world.add({ CreateTime: inHours(-20), ...row });
  add({ ...FIRST, TaskTypeId: 101, AuthType: 8, AuthTime: inHours(3.2), Zone: 'ap-beijing-6' });
  add({ ...SOONER, TaskTypeId: 102, AuthType: 2, AuthTime: inHours(1.2), Zone: 'ap-guangzhou-7' });
  add({ TaskId: 'rep-disk0001', TaskTypeId: 103, AuthType: 5, AuthTime: null, Zone: 'ap-guangzhou-7' });
  add({
    TaskId: 'rep-calm0001',
    TaskTypeId: 107,
    AuthType: 6,
    AuthTime: inHours(60),
    Product: 'CDH',
    Zone: 'ap-guangzhou-7',
  });
  add({ TaskId: 'rep-none0001', TaskTypeId: 106, AuthType: 1, AuthTime: null, Alias: null, Zone: null });
  add({ TaskId: 'rep-past0001', TaskTypeId: 101, AuthType: 3, AuthTime: inHours(-1), Alias: '<b>bold</b> & "quoted"' });
  add({ TaskId: 'rep-book0001', TaskStatus: 4, AuthTime: inHours(20), AuthSource: 'Customer_auth' });
  add({ TaskId: 'rep-runs0001', TaskStatus: 2, AuthTime: inHours(-2), AuthSource: 'System_auth' });
  add({ ...DONE, TaskStatus: 3, AuthType: 8, EndTime: inHours(-1), AuthSource: 'Customer_auth' });
}

/** A task's page. */
export function taskPageOf(taskId: string): string {
  return `/tasks/prod/${taskId}`;
}

import type { AccountConfig, Config, ScheduleConfig } from '../config/config.ts';
import { createSchedule } from '../lib/schedule.ts';

type Schedules = Pick<Config, 'accounts' | 'poll'>;

/** The longest time between two polls of an account, in milliseconds; of one that is not configured, that of the general schedule. */
export type IntervalOf = (account: string) => number;

/** From the schedules; worked out once for each that is different. */
export function pollIntervals({ accounts, poll }: Schedules): IntervalOf {
  const bySchedule = new Map<string, number>();
  const gapOf = (spec: ScheduleConfig): number => {
    const gap = bySchedule.get(spec.schedule) ?? createSchedule(spec).longestGapMs();
    bySchedule.set(spec.schedule, gap);
    return gap;
  };
  const own = new Map(accounts.map((account) => [account.name, gapOf(scheduleOf(account, poll))]));
  return (account) => own.get(account) ?? gapOf(poll);
}

/** In milliseconds: some account is polled at least so often. */
export function shortestPollInterval(config: Schedules): number {
  const intervalOf = pollIntervals(config);
  return Math.min(...config.accounts.map(({ name }) => intervalOf(name)));
}

/** The account's own schedule, or the general one. */
export function scheduleOf({ schedule }: Pick<AccountConfig, 'schedule'>, poll: ScheduleConfig): ScheduleConfig {
  return schedule ?? { schedule: poll.schedule, timezone: poll.timezone };
}

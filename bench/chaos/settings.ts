import { HOUR_MS, MINUTE_MS } from '../../src/lib/clock.ts';
import type { Counterparts } from './counterparts.ts';
import type { Rules } from './verdict.ts';

/** Each channel has its own ladder; `life.ts` makes tasks that are near a rung. */
const RUNGS = { slack: ['30h', '2m'], mail: ['30h', '1m'] };
/** The same for who judges. */
export const RULES: Rules = {
  rungsMs: { slack: [30 * HOUR_MS, 2 * MINUTE_MS], mail: [30 * HOUR_MS, MINUTE_MS] },
  utcOffsetMs: 8 * HOUR_MS,
};
const EVENTS = ['pending', 'changed', 'left', 'reminder'];
const TIMEZONE = 'Asia/Shanghai';

/** Where the program is told to send what, and how often it polls and makes a digest. */
export function settingsOf(
  { slack, mail, operator }: Pick<Counterparts, 'slack' | 'mail' | 'operator'>,
  schedules: { readonly poll: string; readonly digest: string },
) {
  return {
    poll: { schedule: schedules.poll, timezone: TIMEZONE },
    channels: {
      slack: { type: 'slack', url: slack.url, language: 'en' },
      mail: { type: 'email', smtp: mail.url, from: 'repairwatch@example.com', to: ['ops@example.com'], language: 'en' },
      operator: { type: 'slack', url: operator.url, language: 'en' },
    },
    routes: [
      { channels: ['slack'], events: EVENTS, reminders: RUNGS.slack, continue: true },
      { channels: ['mail'], events: EVENTS, reminders: RUNGS.mail },
    ],
    digests: [{ name: 'often', schedule: schedules.digest, timezone: TIMEZONE, channels: ['mail'] }],
    operator: { channels: ['operator'] },
  };
}

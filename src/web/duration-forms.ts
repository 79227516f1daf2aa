import type { Speaker } from '../messages/speak.ts';

/**
 * The speaker's ways to say how long, for the script that keeps times counting: days and hours, days, hours and minutes, hours, minutes, less than
 * one, ahead, ago; 11 stands for the greater number or the whole duration, 22 for the smaller one.
 */
export function durationForms({ words: { time } }: Speaker): string {
  return [
    time.duration(11, 22, 0),
    time.duration(11, 0, 0),
    time.duration(0, 11, 22),
    time.duration(0, 11, 0),
    time.duration(0, 0, 22),
    time.duration(0, 0, 0),
    time.ahead('11'),
    time.ago('11'),
  ].join('|');
}

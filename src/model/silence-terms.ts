import { cleanLine, cutText } from '../lib/clean-text.ts';
import { DAY_MS, type EpochMs } from '../lib/clock.ts';
import { parseMoment } from '../lib/moment.ts';
import type { Mute } from './silence.ts';
import { mayLoseData, type RepairTask } from './task.ts';

/** Longest name of a person, in UTF-16 units. */
export const NAME_MAX = 64;
/** Longest reason of a mute. */
export const REASON_MAX = 200;
/** A silence that lasts longer than any repair task lives has no end that anybody waits for. */
export const LONGEST_SILENCE_DAYS = 90;

/** Why a name or a reason is not taken. */
export type TextFault = 'empty' | 'too-long';
/** Why an end is not taken: no moment at all, not in the future, beyond the longest. */
export type EndFault = 'no-moment' | 'passed' | 'too-far';

/** A person's name or reason as one clean line of 1 to `max` characters. */
export function shortLine(text: string, max: number): { readonly line: string } | { readonly fault: TextFault } {
  const line = cleanLine(text);
  if (line === '') return { fault: 'empty' };
  return cutText(line, max) === line ? { line } : { fault: 'too-long' };
}

/** The end of a silence as a moment after `now`: a duration such as `8h`, or a time with its zone. */
export function silenceEnd(text: string, now: EpochMs): { readonly at: EpochMs } | { readonly fault: EndFault } {
  const at = parseMoment(text, now);
  if (at === null) return { fault: 'no-moment' };
  if (at <= now) return { fault: 'passed' };
  return at - now > LONGEST_SILENCE_DAYS * DAY_MS ? { fault: 'too-far' } : { at };
}

/**
 * What a mute of one task covers: the danger that the task has now, so that one that becomes dangerous is told; that as well only where
 * `evenDataLoss` asks for it.
 */
export function muteOfTask(
  account: string,
  task: RepairTask,
  evenDataLoss: boolean,
): Pick<Mute, 'target' | 'dataLoss'> {
  return { target: { kind: 'task', account, taskId: task.taskId }, dataLoss: evenDataLoss || mayLoseData(task) };
}

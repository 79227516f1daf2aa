import type { EpochMs } from '../lib/clock.ts';
import type { RepairTask } from '../model/task.ts';
import { ackCommand, authorizeCommands } from './command-lines.ts';
import { type Part, sentences } from './document.ts';
import type { Speaker } from './speak.ts';

/** What to do about a pending task: the commands that authorize it, the booked form first, then the one that takes it on; `risky`: after a backup. */
export function nextStep(
  { task, revision }: { readonly task: RepairTask; readonly revision?: number },
  risky: boolean,
  now: EpochMs,
  speaker: Speaker,
): Part {
  const { task: words } = speaker.words;
  const lines = authorizeCommands(task, now);
  if (lines === null) return sentences(words.headingNextStep, [words.nextStepNothing]);
  const takeOn = ackCommand(task.taskId, revision);
  return {
    part: 'commands',
    heading: words.headingNextStep,
    intro: risky ? words.nextStepDataLoss : words.nextStep,
    commands: [
      { label: words.book, line: lines.booked, cautious: false },
      { label: words.immediate, line: lines.immediate, cautious: true },
      ...(takeOn === null ? [] : [{ label: words.takeOn, line: takeOn, cautious: false }]),
    ],
  };
}

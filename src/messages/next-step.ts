import type { EpochMs } from '../lib/clock.ts';
import type { RepairTask } from '../model/task.ts';
import { authorizeCommands } from './command-lines.ts';
import { type Part, sentences } from './document.ts';
import type { Speaker } from './speak.ts';

/** What to do about a pending task: the commands that authorize it, the booked form first; `risky`: after a backup. */
export function nextStep(task: RepairTask, risky: boolean, now: EpochMs, speaker: Speaker): Part {
  const { task: words } = speaker.words;
  const lines = authorizeCommands(task, now);
  if (lines === null) return sentences(words.headingNextStep, [words.nextStepNothing]);
  return {
    part: 'commands',
    heading: words.headingNextStep,
    intro: risky ? words.nextStepDataLoss : words.nextStep,
    commands: [
      { label: words.book, line: lines.booked, cautious: false },
      { label: words.immediate, line: lines.immediate, cautious: true },
    ],
  };
}

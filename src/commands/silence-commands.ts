import { InvalidArgumentError, Option } from 'commander';
import { type Definition, jsonOption } from './definition.ts';

const BESIDE = 'Works beside a running service and holds from the next message that is made.';
const UNTIL = 'a duration such as 8h or 3d, or a time with its zone such as 2026-12-01T09:00+08:00';

function revisionNumber(text: string): number {
  const revision = Number(text);
  if (Number.isInteger(revision) && revision >= 1) return revision;
  throw new InvalidArgumentError('It must be a whole number; `list` and `explain` show it.');
}

const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];
const accountOption = (): Option => new Option('--account <name>', 'where more than one account has the task');

/** What keeps the service from saying what somebody knows already. */
export const silenceCommands: readonly Definition[] = [
  {
    usage: 'ack <id>',
    summary: 'takes a pending task on: no reminders until its status, deadline or authorization changes',
    details: `${BESIDE} ID is a task's id, or that of an instance with one open task. With the revision that you saw (in messages, list and explain) it is refused where the task has changed since: exit code 1, and the task as it is now.`,
    options: [
      new Option('--by <name>', 'who takes it on').makeOptionMandatory(),
      new Option('--revision <number>', 'the state that you saw; the present one unless given').argParser(
        revisionNumber,
      ),
      new Option('--until <time>', `at most until then: ${UNTIL}`),
      new Option('--withdraw', 'take it back: reminders go on'),
      accountOption(),
      jsonOption(),
    ],
    examples: ['ack rep-xxxxxxx1 --revision 3 --by ann', 'ack ins-xxxxxxx1 --by ann --until 8h'],
    run: async (screen, options, [id = '']) => (await import('./ack.ts')).ack(id, { by: '', ...options }, screen),
  },
  {
    usage: 'mute [id]',
    summary: 'keeps what is said of a task, or of those that match, to digests until a stated end',
    details: `${BESIDE} Alerts are recorded and not sent; at the end of the mute what still waits is told once. A match covers tasks that may lose data only with --data-loss.`,
    options: [
      new Option(
        '--match <conditions>',
        'account=, alias= (both with *), type=, product=, zone=, region=, by commas; all must hold',
      ).argParser(collect),
      new Option('--until <time>', `its end: ${UNTIL}`),
      new Option('--reason <text>', 'why, for those who read it later'),
      new Option('--by <name>', 'who mutes'),
      new Option('--data-loss', 'also tasks that may lose data'),
      accountOption(),
      new Option('--list', 'show the mutes that hold now'),
      jsonOption(),
    ],
    examples: [
      'mute rep-xxxxxxx1 --until 2026-12-01T09:00+08:00 --reason "moved to the new host" --by ann',
      "mute --match 'account=test,alias=load-*' --until 3d --reason 'load test'",
      'mute --list',
    ],
    run: async (screen, options, [id]) => (await import('./mute.ts')).mute(id, options, screen),
  },
  {
    usage: 'unmute [which]',
    summary: 'ends a mute before its time; what still waits is told',
    details: `${BESIDE} WHICH is the number of a mute (\`mute --list\`) or the id of a muted task.`,
    options: [new Option('--all', 'every mute'), new Option('--by <name>', 'who ends it'), jsonOption()],
    examples: ['unmute 3 --by ann', 'unmute rep-xxxxxxx1', 'unmute --all'],
    run: async (screen, options, [which]) => (await import('./unmute.ts')).unmute(which, options, screen),
  },
];

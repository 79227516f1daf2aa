import { InvalidArgumentError, Option } from 'commander';
import { type Definition, jsonOption, languageOption } from './definition.ts';
import { exportCommand } from './export-options.ts';
import { listCommand } from './list-options.ts';

const ROWS_MAX = 100_000;

function rowCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= ROWS_MAX) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${ROWS_MAX}.`);
}

const limitOption = (): Option => new Option('--limit <rows>', 'newest rows to show').argParser(rowCount).default(20);
const BESIDE = 'Reads the store only, also beside a running service.';

/** What looks into the store beside a running service. */
export const lookCommands: readonly Definition[] = [
  listCommand,
  exportCommand,
  {
    usage: 'explain <id>',
    summary: 'one task: what it is, each change, message and reminder with its time, and how to authorize it',
    details: `${BESIDE} ID is a task's id, or the id of an instance with open tasks.`,
    options: [jsonOption(), languageOption()],
    examples: ['explain rep-xxxxxxx1', 'explain ins-xxxxxxx1 --language zh-CN'],
    run: async (screen, options, [id = '']) => (await import('./explain.ts')).explain(id, options, screen),
  },
  {
    usage: 'health',
    summary: 'whether the loops of the service beat, judged from the store',
    details: `${BESIDE} Exit code 0: every loop beats; 1: one is silent, or none ever beat.`,
    options: [jsonOption()],
    examples: ['health', 'health --json'],
    run: async (screen, options) => (await import('./health.ts')).health(options, screen),
  },
  {
    usage: 'polls [id]',
    summary: 'the ledger of the polls: what each one read, and why one was not whole',
    details: `${BESIDE} With ID everything about one poll, backfill or audit: its sets, the checkpoint, what an audit found, and the rows that could not be read. docs/operations.md names the fields of --json.`,
    options: [new Option('--account <name>', 'only polls of this account'), limitOption(), jsonOption()],
    examples: ['polls', 'polls 17', 'polls --account prod --limit 100'],
    run: async (screen, options, [id]) => (await import('./polls.ts')).polls(id, { limit: 20, ...options }, screen),
  },
  {
    usage: 'deliveries',
    summary: 'the messages: what was delivered, what waits and why, what may have arrived, what is dead',
    details: BESIDE,
    options: [
      new Option('--state <state>', 'only messages in this state').choices([
        'waiting',
        'sending',
        'delivered',
        'dead',
        'unknown',
      ]),
      limitOption(),
      jsonOption(),
    ],
    examples: ['deliveries', 'deliveries --state dead'],
    run: async (screen, options) => (await import('./deliveries.ts')).deliveries({ limit: 20, ...options }, screen),
  },
  {
    usage: 'requeue [key]',
    summary: 'makes dead messages wait again: one, those of a channel, or all',
    details:
      'Works beside a running service, which sends them at once; else the next `once` does. A message keeps its text and its key; where its channel is down, one that nobody can have received is told as things are when it returns.',
    options: [
      new Option('--channel <name>', 'every dead message of this channel'),
      new Option('--all', 'every dead message'),
      jsonOption(),
    ],
    examples: ['requeue rw-xxxxxxxxxx', 'requeue --channel ops-slack', 'requeue --all'],
    run: async (screen, options, [key]) => (await import('./requeue.ts')).requeue(key, options, screen),
  },
];

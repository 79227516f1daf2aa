import { Option } from 'commander';
import { type Definition, jsonOption } from './definition.ts';

/** What reads the API and sends. */
export const serviceCommands: readonly Definition[] = [
  {
    usage: 'run',
    summary: 'the service: polls and sends until SIGTERM or Ctrl-C',
    details:
      'Its log goes to stdout: JSON lines, or readable lines on a terminal. On SQLite it holds the lock of the store: a second one ends at once with exit code 1; on PostgreSQL replicas share the work. SIGTERM ends it cleanly within 8 seconds; a second signal at once.',
    examples: ['run --config repairwatch.yaml', 'run --log-level debug'],
    run: async (screen, options) => (await import('./run.ts')).run(options, screen),
  },
  {
    usage: 'once',
    summary: 'one poll plus what is due (messages, reminders, digests), then ends',
    details:
      'For a CronJob or a timer. Exit code 0: everything was read and delivered; 1: something was not, or another process holds the store; 2: bad usage or configuration.',
    options: [
      new Option('--dry-run', 'print what would be sent; nothing is sent and nothing is written'),
      jsonOption(),
    ],
    examples: ['once --config repairwatch.yaml', 'once --dry-run', 'once --json'],
    run: async (screen, options) => (await import('./once.ts')).once(options, screen),
  },
];

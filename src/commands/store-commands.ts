import { Option } from 'commander';
import { type Definition, jsonOption } from './definition.ts';

/** What moves a store, or keeps a copy of it. */
export const storeCommands: readonly Definition[] = [
  {
    usage: 'store <action>',
    summary: 'store backup: copies the SQLite store into a file; store copy: into an empty PostgreSQL database',
    details:
      'ACTION `backup` writes the SQLite store as it is at this moment into one file, in the place of an earlier one when it is whole; the service may go on. ACTION `copy` needs the service stopped, since it takes its lock. A copy that was cut off goes on where it was when it is started again; at the end the rows of every table are counted on both sides. Then put the address into "store" of the configuration. Others may see arguments: name a file of the password with ?passwordFile=PATH in the address.',
    options: [
      new Option(
        '--to <place>',
        'the file of the backup, or postgres://user@host:5432/database and its options',
      ).makeOptionMandatory(),
      jsonOption(),
    ],
    examples: [
      'store backup --to backup/repairwatch.db',
      "store copy --to 'postgres://repairwatch@db:5432/repairwatch?passwordFile=/run/secrets/db'",
    ],
    run: async (screen, options, [action = '']) => {
      if (action === 'backup') return (await import('./store-backup.ts')).storeBackup(options, screen);
      if (action === 'copy') return (await import('./store-copy.ts')).storeCopy(options, screen);
      screen.complain(`The action is "${action}"; it must be backup or copy.`);
      return 2;
    },
  },
];

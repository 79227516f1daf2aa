import { Option } from 'commander';
import { type Definition, jsonOption } from './definition.ts';

/** What moves a store. */
export const storeCommands: readonly Definition[] = [
  {
    usage: 'store <action>',
    summary: 'store copy: copies the SQLite store into an empty PostgreSQL database',
    details:
      'The only ACTION is `copy`. The service must be stopped: the copy takes its lock. A copy that was cut off goes on where it was when it is started again; at the end the rows of every table are counted on both sides. Then put the address into "store" of the configuration. Others may see arguments: name a file of the password with ?passwordFile=PATH in the address.',
    options: [
      new Option('--to <address>', 'postgres://user@host:5432/database, and its options').makeOptionMandatory(),
      jsonOption(),
    ],
    examples: ["store copy --to 'postgres://repairwatch@db:5432/repairwatch?passwordFile=/run/secrets/db'"],
    run: async (screen, options, [action = '']) => {
      const { storeCopy } = await import('./store-copy.ts');
      return storeCopy(action, options, screen);
    },
  },
];

import type { Command } from 'commander';
import { addCommand } from './definition.ts';
import type { ExitCode } from './exit-code.ts';
import { lookCommands } from './look-commands.ts';
import type { Screen } from './screen.ts';
import { serviceCommands } from './service-commands.ts';
import { silenceCommands } from './silence-commands.ts';
import { storeCommands } from './store-commands.ts';
import { trialCommands } from './trial-commands.ts';

/** Every command, in the order of the help. */
export function addCommands(program: Command, screen: Screen, ended: (code: ExitCode) => void): void {
  for (const definition of [
    ...serviceCommands,
    ...trialCommands,
    ...lookCommands,
    ...silenceCommands,
    ...storeCommands,
  ])
    addCommand(program, definition, screen, ended);
}

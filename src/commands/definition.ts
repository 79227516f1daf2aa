import { type Command, Option } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Screen } from './screen.ts';

/** One command as the help shows it and as it is run. */
export interface Definition {
  /** The name and its arguments, e.g. `requeue [key]`. */
  readonly usage: string;
  readonly summary: string;
  /** More than the summary: what it needs, what its exit code means. */
  readonly details?: string;
  readonly options?: readonly Option[];
  /** Without the program's name; at least one. */
  readonly examples: readonly string[];
  /** `options` are commander's, by their long names in camel case; `args` the arguments in their order. The module behind it is loaded here. */
  run(screen: Screen, options: Readonly<Record<string, never>>, args: readonly string[]): Promise<ExitCode>;
}

export const jsonOption = (): Option => new Option('--json', 'print JSON instead of text');
export const languageOption = (): Option =>
  new Option('--language <language>', 'language of what is shown; the configuration’s unless given').choices([
    'en',
    'zh-CN',
  ]);

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** Adds a command with the options that all have; `ended` learns its exit code. */
export function addCommand(
  program: Command,
  definition: Definition,
  screen: Screen,
  ended: (code: ExitCode) => void,
): void {
  const { usage, summary, details, options = [], examples, run } = definition;
  const command = program
    .command(usage)
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .option(
      '--config <file>',
      'configuration file (default: $REPAIRWATCH_CONFIG, ./repairwatch.yaml, or the environment)',
    );
  for (const option of options) command.addOption(option);
  command
    .addOption(new Option('--log-level <level>', 'what is logged').choices(LOG_LEVELS))
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ repairwatch ${example}`).join('\n')}`)
    .action(async () => {
      ended(await run(screen, command.opts(), command.args));
    });
}

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands/all.ts';
import type { ExitCode } from './commands/exit-code.ts';
import { processScreen } from './commands/process-screen.ts';
import type { Screen } from './commands/screen.ts';
import { ListenError } from './lib/listen-error.ts';
import { ProxyError } from './lib/proxy.ts';
import { StoreError } from './store/store-error.ts';

/** The program: reads the command line, runs one command and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // Keys and hooks may stand in the environment, which a diagnostic report of Node would list; that of a fatal error goes by the flag alone.
  if (!process.report.excludeEnv) process.report.reportOnFatalError = false;
  process.report.excludeEnv = true;
  const screen = processScreen(process);
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', endQuietly);
  const debug = argv.some(
    (arg, i) => arg === '--log-level=debug' || (arg === 'debug' && argv[i - 1] === '--log-level'),
  );
  const tell = (error: unknown): ExitCode => explain(error, screen, debug);
  process.on('uncaughtException', (error) => end(tell(error)));
  const code = await parse(argv, screen).catch(tell);
  end(code);
}

async function parse(argv: readonly string[], screen: Screen): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('repairwatch')
    .description('Tells a team about every Tencent Cloud repair task that waits for its authorization.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('Use --help to see what is allowed.')
    .configureHelp({ helpWidth: Math.min(100, screen.columns) });
  addCommands(program, screen, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    // commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

/** One sentence on stderr; the stack is shown on request only. */
function explain(error: unknown, screen: Screen, debug: boolean): ExitCode {
  if (error instanceof StoreError || error instanceof ProxyError || error instanceof ListenError) {
    screen.complain(error.message);
  } else {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    screen.complain(
      `repairwatch ${version()} met an error that it does not know (${what}); please report it with the output of the same command with --log-level debug.`,
    );
  }
  if (debug && error instanceof Error) for (const line of (error.stack ?? '').split('\n')) screen.complain(line);
  return 1;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string }; // our own file
  return version;
}

let pipeBroke = false;

/** Whoever read our output has gone (`… | head`): a command that can stop cleanly does, any other ends here. */
function endQuietly(error: NodeJS.ErrnoException): void {
  // EIO: the terminal was closed, whose SIGHUP ends a service no more.
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
  if (!pipeBroke) process.kill(process.pid, 'SIGTERM');
  pipeBroke = true;
}

/** Ends the process once what was written has left it; what still lingers (idle connections) must not hold it. */
function end(code: ExitCode): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

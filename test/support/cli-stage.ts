import { type MailServer, startMailServer } from '../../src/sandbox/mail-server.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ConfigChanges, type ConfigFile, writeConfigFile } from './config-file.ts';
import { type ProgramEnd, type RunningProgram, runProgram, startProgram } from './program.ts';

/** The counterparts of one configuration, and the built program run with it in the folder of its file. */
export interface CliStage {
  readonly sandbox: Sandbox;
  readonly hook: SlackHook;
  readonly mail: MailServer;
  readonly file: ConfigFile;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ProgramEnd>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningProgram;
  /** Kills what was started, and removes everything. */
  close(): Promise<void>;
}

export async function openCliStage(changes: ConfigChanges = {}, options: SandboxOptions = {}): Promise<CliStage> {
  const [sandbox, hook, mail] = await Promise.all([startSandbox(options), startSlackHook(), startMailServer()]);
  const file = writeConfigFile({ sandbox, hook, mail }, changes);
  const cwd = file.directory;
  const started: RunningProgram[] = [];
  const withConfig = (args: readonly string[]): readonly string[] => [...args, '--config', file.path];
  return {
    sandbox,
    hook,
    mail,
    file,
    run: (args, env = {}) => runProgram(withConfig(args), { env, cwd }),
    start(args, env = {}) {
      const program = startProgram(withConfig(args), { env, cwd });
      started.push(program);
      return program;
    },
    async close() {
      for (const program of started) program.kill('SIGKILL');
      await Promise.all(started.map(({ exited }) => exited));
      await Promise.all([sandbox.close(), hook.close(), mail.close()]);
      file.remove();
    },
  };
}

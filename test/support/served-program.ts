import { type CliStage, openCliStage } from './cli-stage.ts';
import { freePort } from './free-port.ts';
import type { RunningProgram } from './program.ts';

export const SERVED_TOKEN = 'correct-horse-battery-staple';

/** The built program with its page, asked with the token unless other headers are given. */
export interface ServedProgram {
  readonly stage: CliStage;
  readonly service: RunningProgram;
  get(
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** Starts it beside its counterparts with so many tasks that wait, and goes on once it has polled and told Slack of them. */
export async function serveProgram(tasks: number): Promise<ServedProgram> {
  const port = await freePort();
  const stage = await openCliStage({ http: { listen: `127.0.0.1:${port}`, token: SERVED_TOKEN } });
  for (let i = 0; i < tasks; i += 1) stage.sandbox.world().add();
  const service = stage.start(['run']);
  await service.waitForLog('page-served');
  await service.waitForLog('poll-finished');
  await service.waitForLog('message-delivered', ({ channel }) => channel === 'slack');
  return {
    stage,
    service,
    async get(path, headers = { Authorization: `Bearer ${SERVED_TOKEN}` }) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      return { status: answer.status, text: await answer.text() };
    },
    close: () => stage.close(),
  };
}

import { type CliStage, openCliStage } from './cli-stage.ts';
import type { ConfigChanges } from './config-file.ts';
import { freePort } from './free-port.ts';
import type { RunningProgram } from './program.ts';

export const PAGE_TOKEN = 'correct-horse-battery-staple';

/** The built service with its page on loopback, and its counterparts. */
export interface PageService extends CliStage {
  readonly program: RunningProgram;
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly origin: string;
  /** Asks as a program does, with the token where the service has one; follows no redirection. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export interface PageServiceOptions {
  /** null: a page without a token. */
  readonly token?: string | null;
  readonly changes?: ConfigChanges;
  /** Fills the sandbox before the service starts. */
  readonly prepare?: (stage: CliStage) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it and waits until the page is served and the first poll has ended, however. */
export async function startPageService(options: PageServiceOptions = {}): Promise<PageService> {
  const { token = PAGE_TOKEN, changes = {}, prepare, env } = options;
  const port = await freePort();
  const http = { listen: `127.0.0.1:${port}`, ...(token !== null && { token }) };
  const stage = await openCliStage({ http, ...changes });
  prepare?.(stage);
  const program = stage.start(['run'], env);
  await Promise.all([program.waitForLog('page-served'), program.waitForLog('poll-finished')]);
  const origin = `http://127.0.0.1:${port}`;
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  return {
    ...stage,
    program,
    origin,
    ask: (path, init = {}) =>
      fetch(origin + path, {
        redirect: 'manual',
        ...init,
        headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) },
      }),
  };
}

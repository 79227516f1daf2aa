import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Closers } from '../lib/closers.ts';
import type { Language } from '../model/vocabulary.ts';
import { DEMO_SCENARIO } from '../sandbox/demo-scenario.ts';
import { type MailServer, startMailServer } from '../sandbox/mail-server.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { playScenario } from '../sandbox/scenario.ts';
import { type SlackHook, startSlackHook } from '../sandbox/slack-hook.ts';
import { writeDemoConfiguration } from './demo-configuration.ts';
import type { Narrator } from './narrator.ts';
import { type ServiceEnd, startServiceProcess } from './service-process.ts';

/** The digest comes when the scenario's last step has been polled. */
export const DIGEST_AFTER_MS = 49 * SECOND_MS;

export interface StageOptions {
  readonly clock: Clock;
  readonly narrator: Narrator;
  readonly slackLanguage: Language;
  readonly mailLanguage: Language;
}

/** Everything that plays in a demo. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly hook: SlackHook;
  readonly mail: MailServer;
  /** Where the digest was saved; null before it came. */
  digestPath(): string | null;
  /** Starts the scenario and the service. What it returns resolves when the service ends by itself and rejects when the scenario breaks off. */
  play(): Promise<ServiceEnd>;
}

/** Opens the stand-ins on loopback and a temporary folder, of which only a digest survives the closing. */
export async function openStage(options: StageOptions, closers: Closers): Promise<Stage> {
  const { clock, narrator } = options;
  const folder = openFolder(closers);
  let digestPath: string | null = null;
  const sandbox = await startSandbox({ clock });
  closers.push('sandbox', () => sandbox.close());
  const hook = await startSlackHook({ clock, onRequest: (request) => narrator.slack(request) });
  closers.push('hook', () => hook.close());
  const mail = await startMailServer({
    clock,
    onMessage(message) {
      if (!narrator.mail(message)) return;
      digestPath = join(folder, 'digest.html');
      writeFileSync(digestPath, message.email.html ?? '');
    },
  });
  closers.push('mail server', () => mail.close());
  return {
    sandbox,
    hook,
    mail,
    digestPath: () => digestPath,
    play: () => play({ ...options, folder: join(folder, 'service'), sandbox, hook, mail }, closers),
  };
}

/** A temporary folder with one for the service in it. */
function openFolder(closers: Closers): string {
  const folder = mkdtempSync(join(tmpdir(), 'repairwatch-demo-'));
  mkdirSync(join(folder, 'service'));
  closers.push('folder', () => {
    rmSync(join(folder, 'service'), { recursive: true, force: true });
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  });
  return folder;
}

type Playing = StageOptions & Pick<Stage, 'sandbox' | 'hook' | 'mail'> & { readonly folder: string };

function play(stage: Playing, closers: Closers): Promise<ServiceEnd> {
  const { clock, narrator, sandbox, hook, mail, folder, slackLanguage, mailLanguage } = stage;
  const stop = new AbortController();
  closers.push('scenario', () => stop.abort());
  const played = playScenario(sandbox.world(), DEMO_SCENARIO, clock, { signal: stop.signal });
  const configPath = writeDemoConfiguration({
    folder,
    apiUrl: sandbox.url,
    hookUrl: hook.url,
    smtpUrl: mail.url,
    slackLanguage,
    mailLanguage,
    digestAt: clock.now() + DIGEST_AFTER_MS,
  });
  const service = startServiceProcess(configPath, (line) => narrator.log(line), clock);
  closers.push('service', async () => {
    await service.stop();
  });
  return new Promise((resolve, reject) => {
    void service.ended.then(resolve); // never rejects
    played.catch((error: unknown) => {
      if (!stop.signal.aborted) reject(error);
    });
  });
}

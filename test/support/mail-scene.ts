import { createChannel } from '../../src/channels/registry.ts';
import { SECOND_MS } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { type MailFault, type MailServer, startMailServer } from '../../src/sandbox/mail-server.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import type { DeliveryRecord } from '../../src/store/store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { type LaneStage, openLaneStage, type StageTry } from './lane-stage.ts';
import { type ScriptedSmtp, startScriptedSmtp } from './scripted-smtp.ts';
import { T0 } from './store-world.ts';

/**
 * Three lanes, of which `mail` meets the trouble; `ops` is a hook and hears for the operator, `post` another mail server. A task waits at the
 * start, another one comes 5 s later.
 */
export interface Scene extends AsyncDisposable {
  readonly stage: LaneStage;
  readonly ops: SlackHook;
  readonly post: ScriptedSmtp;
  /** The first message of `mail`, as `deliveries` shows it. */
  first(): Promise<DeliveryRecord | undefined>;
  /** Plays until the first answer is in, runs `then`, and plays the rest; the message as it was at the first answer. */
  play(firstAnswerS: number, restS: number, then?: () => void): Promise<DeliveryRecord | undefined>;
}

/** The server of `mail`. */
export interface Trouble {
  readonly address: string;
  /** A try of `mail` has met a server that does not answer. */
  isSilent?(): boolean;
  close(): Promise<void>;
}

/** Each mail goes to these recipients; disposing of the scene closes the server, too. */
export async function openScene(
  clock: FakeClock,
  trouble: Trouble,
  to: readonly string[] = ['a@example.com'],
): Promise<Scene> {
  const [ops, post] = await Promise.all([startSlackHook({ clock, pace: { burst: 1 } }), startScriptedSmtp()]);
  const shared = { language: 'en', timezone: 'UTC' } as const;
  const mailOf = (name: string, smtp: string) =>
    ({ ...shared, type: 'email', name, smtp: new Secret(smtp), from: 'r@example.com', to }) as const;
  const channels = [
    { ...shared, type: 'slack', name: 'ops', url: new Secret(ops.url), mention: {} } as const,
    mailOf('mail', trouble.address),
    mailOf('post', `smtp://127.0.0.1:${post.port}`),
  ].map((config) => createChannel(config, { clock, consoleUrl: 'https://console.example.com', publicUrl: null }));
  const stage = await openLaneStage({
    clock,
    channels,
    operatorChannels: ['ops'],
    isSilent: (channel) => channel === 'mail' && triesOf(stage, 'mail').length === 1 && trouble.isSilent?.() === true,
  });
  await stage.find(['rep-a']);
  const first = async (): Promise<DeliveryRecord | undefined> =>
    (await stage.store.deliveries({ limit: 100 })).findLast(({ channel }) => channel === 'mail');
  return {
    stage,
    ops,
    post,
    first,
    async [Symbol.asyncDispose]() {
      await stage.close();
      await Promise.all([ops.close(), post.close(), trouble.close()]);
    },
    async play(firstAnswerS, restS, then = () => undefined) {
      const early = Math.min(firstAnswerS, 5);
      await stage.play(early * SECOND_MS);
      if (firstAnswerS > 5) await stage.find(['rep-b']);
      await stage.play((firstAnswerS - early) * SECOND_MS);
      const record = await first();
      then();
      await stage.play((5 - early) * SECOND_MS);
      if (firstAnswerS <= 5) await stage.find(['rep-b']);
      await stage.play(restS * SECOND_MS);
      return record;
    },
  };
}

/** What that channel was asked to deliver, in order. */
export function triesOf(stage: LaneStage, channel: string): StageTry[] {
  return stage.tries.filter((one) => one.channel === channel);
}

/** A scene whose trouble is the sandbox's mail server. */
export interface MailScene extends Scene {
  readonly mail: MailServer;
}

/** Each fault is met once unless it says how often. */
export async function openMailScene(faults: readonly MailFault[], to?: readonly string[]): Promise<MailScene> {
  const clock = createFakeClock(T0);
  const mail = await startMailServer({ clock, auth: { user: 'me', password: 'hunter2' } });
  for (const fault of faults) mail.fault({ times: 1, ...fault });
  const isSilent = () => mail.tries.entries.some(({ outcome }) => outcome === 'hung');
  return { mail, ...(await openScene(clock, { address: mail.url, isSilent, close: mail.close.bind(mail) }, to)) };
}

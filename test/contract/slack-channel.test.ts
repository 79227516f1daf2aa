import { createSlackChannel } from '../../src/channels/slack/slack.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { SAMPLE_AT } from '../support/sample-message.ts';
import { HOOK_SECRET, type HookScript, startScriptedHook } from '../support/scripted-hook.ts';
import { type ChannelRig, type Counterpart, describeChannel, WAIT_MS } from './channel.ts';

const SCRIPTS: Readonly<Record<Counterpart, HookScript>> = {
  accepts: { status: 200, body: 'ok' },
  'asks-to-wait': { status: 429, headers: { 'retry-after': String(WAIT_MS / 1000) } },
  'in-trouble': { status: 500, body: 'rollup_error' },
  'refuses-message': { status: 400, body: 'invalid_blocks' },
  gone: { status: 404, body: 'no_service' },
  'cuts-after': 'cut',
  'silent-after': 'silent',
};

async function open(): Promise<ChannelRig> {
  const hook = await startScriptedHook();
  const config = {
    type: 'slack',
    name: 'ops',
    language: 'en',
    timezone: 'UTC',
    url: new Secret(hook.url),
    mention: {},
  } as const;
  const channel = createSlackChannel(config, {
    clock: createFakeClock(SAMPLE_AT),
    render: (message) => ({ text: `${message.key} ${JSON.stringify(message.facts)}` }),
    sendTimeoutMs: 20_000,
  });
  const sent = () => hook.requests.map(({ body }) => body).filter((body) => body !== '{}');
  hook.script = SCRIPTS.accepts;
  return {
    channel,
    secrets: [HOOK_SECRET],
    behave: (as) => {
      hook.script = SCRIPTS[as];
    },
    received: sent,
    nextReceived: () => hook.nextRequest(),
    stop: () => hook.close(),
  };
}

describeChannel('slack', open);

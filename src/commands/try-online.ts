import { createChannel } from '../channels/registry.ts';
import type { AccountConfig, ChannelConfig, Config } from '../config/config.ts';
import { DAY_MS, SECOND_MS, systemClock, wholeSecond } from '../lib/clock.ts';
import { formatDuration } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { count } from '../messages/plural.ts';
import { inspectStore } from '../store/inspect-store.ts';
import { type AccountReader, createAccountReader } from '../tencent/account-reader.ts';
import type { Trial } from './trial.ts';

const TRIAL_DEADLINE_MS = 45 * SECOND_MS;
/** Nearer than this is no news: the Date header has whole seconds. */
const CLOCK_TOLERANCE_MS = 2 * SECOND_MS;

/** Tries each account with one signed call, each channel without sending, and the store; all side by side. */
export async function tryOnline(config: Config, log: Log, stop: AbortSignal): Promise<readonly Trial[]> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TRIAL_DEADLINE_MS)]);
  const readerOf = createAccountReader({ config, clock: systemClock, random: Math.random, log });
  return Promise.all([
    ...config.accounts.map((account) => tryAccount(account, readerOf, signal)),
    ...config.channels.map((channel) => tryChannel(channel, config, signal)),
    tryStore(config),
  ]);
}

async function tryAccount(
  account: AccountConfig,
  readerOf: (account: AccountConfig) => AccountReader,
  signal: AbortSignal,
): Promise<Trial> {
  const began = systemClock.monotonic();
  const trial = (ok: boolean, says: string): Trial => ({
    what: `account ${account.name}`,
    ok,
    says,
    tookMs: Math.round(systemClock.monotonic() - began),
  });
  const reader = readerOf(account);
  try {
    const query = { limit: 1, offset: 0, startDate: wholeSecond(systemClock.now() - DAY_MS) };
    const result = await reader.read(query, 'command', signal);
    const took = `${Math.round(systemClock.monotonic() - began)} ms`;
    const key = `key from ${reader.describeKey()}`;
    const clock = clockWords(reader.clockOffsetMs());
    if (!result.ok) return trial(false, `${result.failure.message} [${key}, ${clock}, ${took}]`);
    return trial(true, `${count(result.page.totalCount, 'task', 'tasks')} of the last 24 h, ${key}, ${clock}, ${took}`);
  } catch (error) {
    if (signal.aborted)
      return trial(false, `no answer within ${formatDuration(TRIAL_DEADLINE_MS)}; check the network and the endpoint`);
    throw error;
  } finally {
    await reader.close();
  }
}

function clockWords(offsetMs: number | null): string {
  if (offsetMs === null) return "the server's clock is not known";
  if (Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) return 'clock right';
  const seconds = Math.round(Math.abs(offsetMs) / SECOND_MS);
  return `this host's clock is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead'}; set it`;
}

async function tryChannel(settings: ChannelConfig, config: Config, signal: AbortSignal): Promise<Trial> {
  const began = systemClock.monotonic();
  const { consoleUrl, http } = config;
  const channel = createChannel(settings, { clock: systemClock, consoleUrl, publicUrl: http?.publicUrl ?? null });
  try {
    const probe = await channel.probe(signal);
    const says = probe.ok ? `${settings.type}, would take messages` : `${settings.type}, ${probe.reason}`;
    const tookMs = Math.round(systemClock.monotonic() - began);
    return { what: `channel ${settings.name}`, ok: probe.ok, says: `${says}, ${tookMs} ms`, tookMs };
  } finally {
    await channel.close();
  }
}

async function tryStore({ store }: Config): Promise<Trial> {
  const began = systemClock.monotonic();
  const { place, exists, problem, bytes, version } = await inspectStore(store, systemClock);
  const says = exists
    ? `${place}, readable and writable, ${(bytes / 1e6).toFixed(1)} MB, schema ${version ?? 'unknown'}`
    : `${place} does not exist yet and can be made; \`repairwatch run\` makes it`;
  return {
    what: 'store',
    ok: problem === null,
    says: problem ?? says,
    tookMs: Math.round(systemClock.monotonic() - began),
  };
}

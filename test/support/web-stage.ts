import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { createMeterRelay, type MeterRelay } from '../../src/lib/meter.ts';
import { createSpeaker, type Speaker } from '../../src/messages/speak.ts';
import type { Language } from '../../src/model/vocabulary.ts';
import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type Access, createAccess } from '../../src/web/access.ts';
import { createWebApp, type WebApp } from '../../src/web/web-app.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { T0 } from './store-world.ts';

export const TOKEN = 'correct-horse-battery-staple';

/** What is served of an empty store, without a server: account `prod`, channel `slack`, a poll every five minutes. */
export interface WebStage {
  readonly app: WebApp;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly meter: MeterRelay;
  readonly config: Config;
  readonly access: Access;
  readonly log: Log;
  speaker(language: Language): Speaker;
  /** Asks with the token. */
  get(path: string): Promise<Response>;
}

export interface WebStageOptions {
  /** False: a page without a token, for this machine only. */
  readonly withToken?: boolean;
  readonly publicUrl?: string;
  readonly log?: Log;
}

export async function openWebStage(over: Partial<Store> = {}, options: WebStageOptions = {}): Promise<WebStage> {
  const { withToken = true, publicUrl = 'https://repairs.example.com', log = silentLog } = options;
  const clock = createFakeClock(T0);
  const store = { ...(await openMemoryStore(clock)), ...over };
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const config = configuration(publicUrl);
  const access = createAccess(config.http?.token ?? neverWithout());
  const meter = createMeterRelay();
  const speaker = (language: Language) =>
    createSpeaker({
      language,
      timezone: config.poll.timezone,
      consoleUrl: config.consoleUrl,
      publicUrl: config.http?.publicUrl ?? null,
    });
  const deps = { config, view: store, store, clock, log, meter, speaker };
  const app = createWebApp({ ...deps, access: withToken ? access : null });
  const headers = { Authorization: `Bearer ${TOKEN}` };
  return {
    app,
    store,
    clock,
    meter,
    config,
    access,
    log,
    speaker,
    get: async (path) => app.request(path, { headers }),
  };
}

function configuration(publicUrl: string): Config {
  const text = `
accounts: [{ name: prod, secretId: AKIDexample, secretKey: example }]
channels: { slack: { type: slack, url: "http://127.0.0.1:9/hook" } }
http: { listen: "127.0.0.1:9420", token: ${TOKEN}, publicUrl: "${publicUrl}" }
`;
  const loaded = loadConfig({ path: 'repairwatch.yaml', env: {}, readFile: () => text });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.config;
}

function neverWithout(): never {
  throw new Error('the configuration above has a token');
}

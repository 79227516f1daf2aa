import type { PostgresAddress } from '../lib/postgres-url.ts';
import type { Secret } from '../lib/secret.ts';
import type { TaskEventName } from '../model/alert.ts';
import type { TaskMatch } from '../model/task-match.ts';
import type { Language } from '../model/vocabulary.ts';

/**
 * The configuration after parsing: defaults filled in, durations in milliseconds, secrets wrapped, every name that is referred to exists.
 * `schema.ts` makes it from a file or from the environment; nothing else reads either.
 */
export interface Config {
  readonly accounts: readonly AccountConfig[];
  readonly poll: PollConfig;
  readonly store: StoreConfig;
  readonly channels: readonly ChannelConfig[];
  readonly routes: readonly RouteConfig[];
  /** Before the deadline, in milliseconds, longest first. */
  readonly remindersMs: readonly number[];
  readonly digests: readonly DigestConfig[];
  readonly operator: { readonly channels: readonly string[] };
  readonly heartbeat: HeartbeatConfig | null;
  /** null: nothing is served. `token` null: on loopback only, and nothing can be written from the page. */
  readonly http: { readonly listen: string; readonly token: Secret | null; readonly publicUrl: string | null } | null;
  readonly retention: { readonly closedTasksMs: number; readonly pollsMs: number };
  readonly language: Language;
  /** Where a person authorizes: the vendor's console. */
  readonly consoleUrl: string;
}

export interface HeartbeatConfig {
  readonly url: Secret;
  readonly everyMs: number;
  /** Also URL/start and URL/fail, by healthchecks.io's conventions. */
  readonly startAndFail: boolean;
}

/** Narrows what is read of an account; an empty list or null means everything. Names as in the API's request. */
export interface AccountFilter {
  readonly product: string | null;
  readonly taskTypes: readonly number[];
  readonly instanceIds: readonly string[];
  readonly aliases: readonly string[];
}

export interface AccountConfig {
  readonly name: string;
  /** null: the official credential chain. */
  readonly key: { readonly secretId: Secret; readonly secretKey: Secret; readonly token: Secret | null } | null;
  readonly assumeRole: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly externalId: string | null;
  } | null;
  /** Origin of the API, e.g. `https://cvm.tencentcloudapi.com`; `http://` only on loopback. */
  readonly endpoint: string;
  readonly region: string;
  /** Offset of the API's timestamps from UTC in milliseconds (+08:00 = 28,800,000). */
  readonly utcOffsetMs: number;
  readonly filter: AccountFilter;
  /** When to poll it; absent: as `poll` says. */
  readonly schedule?: ScheduleConfig;
}

export interface ScheduleConfig {
  /** Five or six cron fields. */
  readonly schedule: string;
  /** IANA name. */
  readonly timezone: string;
}

export interface PollConfig extends ScheduleConfig {
  readonly lookbackMs: number;
  readonly overlapMs: number;
  readonly requestsPerSecond: number;
  /** Where `live` begins; 2015-01-01 unless set. */
  readonly sinceMs: number;
  /** Deadline of one request. */
  readonly requestTimeoutMs: number;
}

export type StoreConfig = SqliteStoreConfig | PostgresStoreConfig;

export interface SqliteStoreConfig {
  readonly engine: 'sqlite';
  readonly path: string;
}

export interface PostgresStoreConfig {
  readonly engine: 'postgres';
  readonly address: PostgresAddress;
}

interface ChannelCommon {
  readonly name: string;
  readonly language: Language;
  readonly timezone: string;
}

/** A key of `mention`: an event, or `reminder-` and a rung of the ladder, e.g. `reminder-1h`; the value is Slack's own syntax, e.g. `<!here>`. */
export type Mentions = Readonly<Record<string, string>>;

export interface SlackChannelConfig extends ChannelCommon {
  readonly type: 'slack';
  readonly url: Secret;
  readonly mention: Mentions;
}

export interface EmailChannelConfig extends ChannelCommon {
  readonly type: 'email';
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly smtp: Secret;
  readonly from: string;
  readonly to: readonly string[];
}

export type ChannelConfig = SlackChannelConfig | EmailChannelConfig;

export interface RouteConfig {
  readonly match: TaskMatch;
  readonly channels: readonly string[];
  readonly events: readonly TaskEventName[];
  /** Before the deadline, in milliseconds, longest first; absent: the general ones. */
  readonly remindersMs?: readonly number[];
  /** True: the routes after this one are asked too. */
  readonly continue: boolean;
}

export interface DigestConfig extends ScheduleConfig {
  readonly name: string;
  readonly channels: readonly string[];
}

import type { LeftHow, OperatorCode, TaskEventName, WatchedField } from '../model/alert.ts';
import type { Language } from '../model/vocabulary.ts';

/*
 * What a catalogue says. Every sentence with values is one function, so that no language is glued from another's fragments.
 * The values arrive clean, cut and formatted: times with their zone, names in the catalogue's own language.
 *
 * The facts that each operator notice may carry (`OperatorNotice.facts`); a missing one falls back to the notice's subject or "?":
 *
 * | code            | facts                                                        |
 * |-----------------|--------------------------------------------------------------|
 * | account-blocked | account, code, message                                       |
 * | poll-stale      | account, lastComplete (epoch ms; absent: never)              |
 * | tasks-vanished  | account, vanished, open                                      |
 * | rows-set-aside  | account, count, example                                      |
 * | unknown-value   | account, value                                               |
 * | unrouted        | account, taskId, event                                       |
 * | message-dead    | channel, key, reason                                         |
 * | lane-down       | channel, reason                                              |
 * | recipient-refused | channel, recipient, reason                                |
 * | messages-waiting | channel, since (epoch ms)                                   |
 * | store-unwritable | since (epoch ms), reason, replica (only where several share) |
 * | channel-removed | channel                                                      |
 * | reload-refused  | count, reason (the first of them)                           |
 * | clock-off       | host, count (accounts that show it), accounts (all that were read), offsetMs (positive: the server's clock is ahead) |
 * | late-task       | account, taskId, kind (started-early, proven-second, future), offsetMs (future: by how much) |
 * | audit-found     | account, count, taskId (an example), poll (the audit's id in the ledger) |
 */
export interface Catalogue {
  readonly language: Language;
  readonly time: TimeWords;
  readonly names: NameWords;
  readonly labels: LabelWords;
  readonly task: TaskWords;
  readonly lists: ListWords;
  readonly digest: DigestWords;
  readonly operator: OperatorWords;
  readonly frame: FrameWords;
}

export interface TimeWords {
  /** From Sunday. */
  readonly weekdays: readonly [string, string, string, string, string, string, string];
  moment(weekday: string, date: string, time: string, zone: string): string;
  /** Both parts may be 0; then it is less than a minute. */
  duration(days: number, hours: number, minutes: number): string;
  ahead(duration: string): string;
  ago(duration: string): string;
  readonly unknown: string;
}

export interface NameWords {
  unknownType(id: number, vendorName: string | null): string;
  readonly typeMissing: string;
  unknownStatus(id: number): string;
  readonly notListed: string;
  unknownAuthType(id: number): string;
  readonly authTypeMissing: string;
  /** An AuthSource, product or code that the vendor's page does not list, as it came. */
  unknownValue(raw: string): string;
  product(code: string, name: string): string;
  /** A field without a value, in "old → new". */
  readonly none: string;
  instance(alias: string, id: string): string;
  /** Names in a row. */
  list(items: readonly string[]): string;
  readonly events: Readonly<Record<TaskEventName, string>>;
}

export interface LabelWords {
  readonly account: string;
  readonly task: string;
  readonly type: string;
  readonly instance: string;
  readonly place: string;
  readonly lanIp: string;
  readonly deadline: string;
  readonly allows: string;
  readonly created: string;
  readonly status: string;
  readonly product: string;
  readonly zone: string;
  readonly region: string;
  readonly instanceId: string;
  readonly alias: string;
  readonly certainty: string;
  readonly dataLoss: string;
  readonly event: string;
}

export interface TaskWords {
  /** `what` is the instance, then the type; titles are one line. */
  titlePending(what: string, again: boolean): string;
  /** Told once more because what kept it silent is over. */
  titleStillPending(what: string): string;
  titleChanged(what: string): string;
  titleLeft(how: LeftHow, what: string, byDefault: boolean): string;
  titleReminder(tier: ReminderTier, what: string, left: string): string;
  what(instance: string, type: string): string;
  dataLossTitle(title: string): string;
  readonly dataLossWarning: string;
  unknownAuthTypeWarning(authType: string): string;
  pending(at: string, again: boolean): string;
  pendingAfter(over: 'mute' | 'ack', firstSeen: string): string;
  changed(changes: readonly string[]): string;
  change(field: WatchedField, before: string, after: string): string;
  /** `by`: who authorized it, in words; null when that says nothing. */
  left(how: LeftHow, status: string, by: string | null): string;
  /** `last`: no later rung comes before the deadline. */
  reminder(tier: ReminderTier, left: string, last: boolean): string;
  /** Null: the account was never read completely. */
  reminderReadAt(at: string | null): string;
  reminderLate(due: string): string;
  deadlineStated(time: string, relative: string): string;
  deadlineEstimated(time: string, relative: string): string;
  readonly deadlineNone: string;
  /** The same for lists: short. */
  startsBy(time: string, relative: string, estimated: boolean): string;
  wasDue(time: string, relative: string, estimated: boolean): string;
  readonly startsNever: string;
  deadlineShort(time: string, estimated: boolean): string;
  readonly deadlineShortNone: string;
  ifNobodyActs(certainty: 'stated' | 'estimated', time: string, passed: boolean): string;
  readonly ifNobodyActsNone: string;
  /** An event in the short list of what happened, with its time. */
  happened(at: string, what: string): string;
  readonly headingIfNobodyActs: string;
  readonly headingChanges: string;
  readonly headingEvents: string;
  readonly headingNextStep: string;
  readonly headingVendorSays: string;
  readonly nextStep: string;
  readonly nextStepDataLoss: string;
  readonly nextStepNothing: string;
  readonly book: string;
  readonly immediate: string;
  /** Over the line that acknowledges a task. */
  readonly takeOn: string;
  /** `relative`: how long ago; `until` null: until the task changes. */
  acknowledged(by: string, at: string, relative: string, until: string | null): string;
  muted(until: string, by: string | null, reason: string): string;
}

/** How pressing a reminder is: by its rung, or because the deadline passed or is not known. */
export type ReminderTier = 'calm' | 'firm' | 'urgent' | 'overdue' | 'no-deadline';

export interface ListWords {
  titleFirstRun(tasks: number, dataLoss: number): string;
  titleMany(tasks: number, dataLoss: number): string;
  titleDataLoss(tasks: number): string;
  /** After an outage: of the tasks that wait, `dataLoss` may lose data; `passed` wait no more. */
  titleReturned(waiting: number, passed: number, dataLoss: number): string;
  readonly introFirstRun: string;
  readonly introMany: string;
  introReturned(why: 'down' | 'absent', since: string): string;
  introDataLoss(tasks: number): string;
  totals(tasks: number, dataLoss: number): string;
  totalsReturned(waiting: number, passed: number, dataLoss: number): string;
  headingPassed(count: number): string;
  headingDataLoss(count: number): string;
  headingTasks(count: number): string;
  headingGroups(tasks: number): string;
  group(where: string, event: TaskEventName, count: number, earliest: string): string;
  /** After `group`: what else of its tasks is told. */
  groupAlso(events: readonly (readonly [event: TaskEventName, count: number])[]): string;
  /** Where the rest of a list is that did not fit. */
  more(count: number): string;
  moreByCommand(count: number): string;
  moreAttached(count: number): string;
  readonly nextStep: string;
  readonly tag: string;
  readonly certainty: Readonly<Record<'stated' | 'estimated' | 'none', string>>;
}

export interface DigestWords {
  titlePending(name: string, pending: number, dataLoss: number, unknownAccounts: number): string;
  titleNothing(name: string): string;
  titleUnknown(name: string, unknownAccounts: number): string;
  covers(from: string, to: string): string;
  late(due: string, from: string, to: string): string;
  /** One account, and when it was last read completely; null: never. */
  unknownAccount(account: string, at: string | null): string;
  /** Several; the list of accounts says of each when. */
  unknownAccounts(accounts: string): string;
  readonly noAccounts: string;
  readonly nothing: string;
  readonly nothingSeen: string;
  readonly figures: {
    readonly pending: string;
    readonly dataLoss: string;
    readonly fresh: string;
    readonly changed: string;
    readonly left: string;
  };
  figure(label: string, value: number): string;
  /** How many tasks the lists leave out. */
  more(count: number): string;
  headingPending(count: number): string;
  headingFresh(count: number): string;
  headingChanged(count: number): string;
  headingLeft(count: number): string;
  headingByDefault(count: number): string;
  readonly introByDefault: string;
  headingLater(count: number): string;
  headingAccounts(count: number): string;
  step(task: string, from: string | null, to: string, at: string): string;
  firstSeenAs(status: string, at: string): string;
  accountRead(account: string, at: string, relative: string): string;
  accountUnknown(account: string, at: string | null): string;
  dead(count: number): string;
}

/** What an operator notice's text may use; everything clean and formatted. */
export interface OperatorValues {
  readonly account: string;
  readonly channel: string;
  /** With the failure's code in it. */
  readonly message: string;
  /** Why the last poll was not whole; null where that is not known. */
  readonly whyStale: string | null;
  /** null: never. */
  readonly lastComplete: string | null;
  readonly vanished: number;
  readonly open: number;
  readonly count: number;
  readonly example: string;
  readonly value: string;
  readonly taskId: string;
  readonly event: string;
  readonly key: string;
  readonly recipient: string;
  readonly reason: string;
  /** When the trouble began. */
  readonly since: string;
  /** null: there is only one. */
  readonly replica: string | null;
  /** How far the clocks are apart. */
  readonly offset: string;
  readonly behind: boolean;
  readonly host: string;
  /** How many were read. */
  readonly accounts: number;
  readonly kind: string;
  /** A row of the ledger. */
  readonly poll: string;
}

export interface OperatorWords {
  title(count: number): string;
  /** A notice's headline. */
  readonly titles: Readonly<Record<OperatorCode, (values: OperatorValues) => string>>;
  /** The headline of the message that ends an episode. */
  titleOver(title: string): string;
  /** One sentence: the thing, the value, the remedy. */
  readonly begun: Readonly<Record<OperatorCode, (values: OperatorValues) => string>>;
  readonly over: Readonly<Record<OperatorCode, (values: OperatorValues) => string>>;
}

export interface FrameWords {
  sampleTitle(title: string): string;
  readonly sampleBanner: string;
  part(part: number, parts: number): string;
  zone(timezone: string): string;
  reference(key: string): string;
  readonly openConsole: string;
  readonly openPage: string;
  readonly attached: string;
  /** Between a label and its value. */
  readonly colon: string;
}

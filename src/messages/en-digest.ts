import type { DigestWords } from './catalogue.ts';
import { count } from './plural.ts';

const unknown = (n: number): string => (n === 0 ? '' : `; ${count(n, 'account', 'accounts')} not known`);

export const enDigest = {
  titlePending: (name, pending, dataLoss, unknownAccounts) =>
    `Digest ${name}: ${pending} pending${dataLoss === 0 ? '' : `, ${dataLoss} may lose data`}${unknown(unknownAccounts)}`,
  titleNothing: (name) => `Digest ${name}: nothing pending`,
  titleUnknown: (name, n) =>
    `Digest ${name}: ${n === 0 ? 'no account was read' : `${count(n, 'account', 'accounts')} not known`}`,
  covers: (from, to) => `Covers ${from} to ${to}.`,
  late: (due, from, to) =>
    `This digest is late: it was due ${due}, while repairwatch was not running. It covers ${from} to ${to}.`,
  unknownAccount: (account, at) =>
    `What is pending in account ${account} is not known: it was ${at === null ? 'never read completely' : `last read completely ${at}`}. "repairwatch polls" shows why.`,
  unknownAccounts: (accounts) =>
    `What is pending in accounts ${accounts} is not known; when each was last read completely is listed below. "repairwatch polls" shows why.`,
  noAccounts: 'No account was read, so what is pending is not known.',
  nothing: 'Nothing is pending: every account was read completely.',
  nothingSeen: 'In the accounts that were read, no task waits.',
  figures: { pending: 'pending', dataLoss: 'may lose data', fresh: 'new', changed: 'changed', left: 'left' },
  figure: (label, value) => `${value} ${label}`,
  more: (n) =>
    `${n} more are counted here and not listed, to keep this message readable; "repairwatch list" shows all that is open.`,
  headingPending: (n) => `Pending, by deadline: ${n}`,
  headingFresh: (n) => `New: ${n}`,
  headingChanged: (n) => `Changed: ${n}`,
  headingLeft: (n) => `No longer pending: ${n}`,
  headingByDefault: (n) => `Started by Tencent Cloud's default: ${n}`,
  introByDefault: 'Tencent Cloud authorized these itself; nobody in the team decided.',
  headingLater: (n) => `Later steps: ${n}`,
  headingAccounts: (n) => `Accounts: ${n}`,
  step: (task, from, to, at) =>
    from === null ? `${task}: first seen as ${to}, ${at}` : `${task}: ${from} → ${to}, ${at}`,
  firstSeenAs: (status, at) => `First seen as ${status}, ${at}: it was never seen to wait.`,
  accountRead: (account, at, relative) => `${account}: read completely ${at} (${relative})`,
  accountUnknown: (account, at) =>
    at === null ? `${account}: not known, never read completely` : `${account}: not known, last read completely ${at}`,
  dead: (n) =>
    `${count(n, 'message', 'messages')} could not be delivered: "repairwatch deliveries" shows ${n === 1 ? 'it' : 'them'}, "repairwatch requeue" sends ${n === 1 ? 'it' : 'them'} again.`,
} satisfies DigestWords;

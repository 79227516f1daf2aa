import type { LeftHow, WatchedField } from '../model/alert.ts';
import type { TaskWords } from './catalogue.ts';

const fields: Readonly<Record<WatchedField, string>> = {
  authTime: 'Planned start',
  authType: 'Authorization allows',
  taskTypeId: 'Type',
  instanceId: 'Instance',
  product: 'Product',
  taskSubType: 'Sub-type',
};

const leftTitles: Readonly<Record<LeftHow, string>> = {
  processing: 'Repair started',
  scheduled: 'Repair booked',
  ended: 'Repair ended',
  cancelled: 'Repair cancelled',
  avoided: 'Repair avoided',
  unlisted: 'Repair no longer listed',
  other: 'Repair no longer pending',
};

const leftSentences: Readonly<Record<LeftHow, (status: string) => string>> = {
  processing: () => 'The repair has started',
  scheduled: () => 'The repair is authorized and booked for a later time',
  ended: () => 'The repair has ended',
  cancelled: () => 'The task was cancelled',
  avoided: () => 'The task was avoided: the repair is no longer needed',
  unlisted: () => 'The task is no longer listed by the API; that does not mean resolved, so look at the instance',
  other: (status) => `The task is no longer pending; its status is now "${status}"`,
};

export const enTask = {
  titlePending: (what, again) => (again ? `Repair pending again: ${what}` : `Repair pending: ${what}`),
  titleStillPending: (what) => `Still pending: ${what}`,
  titleChanged: (what) => `Pending repair changed: ${what}`,
  titleLeft: (how, what, byDefault) =>
    byDefault && how === 'processing'
      ? `Repair started by Tencent Cloud's default: ${what}`
      : `${leftTitles[how]}: ${what}`,
  titleReminder(tier, what, left) {
    if (tier === 'overdue') return `Overdue and still pending: ${what}`;
    if (tier === 'no-deadline') return `Still pending, no deadline known: ${what}`;
    if (tier === 'calm') return `${left} left to authorize: ${what}`;
    return tier === 'firm' ? `Only ${left} left to authorize: ${what}` : `Urgent, ${left} left to authorize: ${what}`;
  },
  what: (instance, type) => `${instance}, ${type}`,
  dataLossTitle: (title) => `Data loss possible. ${title}`,
  dataLossWarning: 'This repair may erase the local disks of the instance. Back up their data before you authorize it.',
  unknownAuthTypeWarning: (authType) =>
    `${authType}: repairwatch does not know what this authorization allows. Assume that local disks may be erased, and back up their data first.`,
  pending: (at, again) =>
    again ? `Returned to pending authorization; seen ${at}.` : `Waits for your authorization; first seen ${at}.`,
  pendingAfter: (over, firstSeen) =>
    `Its ${over === 'mute' ? 'mute' : 'acknowledgement'} is over and it still waits for your authorization; first seen ${firstSeen}.`,
  changed: (changes) => `Changed: ${changes.join('; ')}.`,
  change: (field, before, after) => `${fields[field]}: ${before} → ${after}`,
  left: (how, status, by) =>
    by === null ? `${leftSentences[how](status)}.` : `${leftSentences[how](status)} (${by}).`,
  reminder(tier, left, last) {
    if (tier === 'overdue') return `The planned start passed ${left} and the task still waits for an authorization.`;
    if (tier === 'no-deadline') return 'The task still waits for an authorization, and no deadline is known for it.';
    if (tier === 'calm') return `${left} left: a good moment to choose a time for the repair and book it.`;
    if (tier === 'firm') return `Only ${left} left: please book the repair or prepare the instance for it now.`;
    return `${left} left${last ? ': this is the last reminder' : ''}. Act now, or Tencent Cloud chooses the time.`;
  },
  reminderReadAt: (at) =>
    at === null
      ? 'The account has never been read completely, so this may no longer be so.'
      : `As of ${at}; the account has not been read completely since, so this may no longer be so.`,
  reminderLate: (due) => `This reminder is late: it was due ${due}, while repairwatch could not send it.`,
  deadlineStated: (time, relative) => `${time} (${relative})`,
  deadlineEstimated: (time, relative) => `${time} (${relative}), estimated: creation + 48 h`,
  deadlineNone: 'none known: no automatic start is documented',
  startsBy: (time, relative, estimated) =>
    `starts by itself ${estimated ? 'about ' : ''}${time} (${relative}${estimated ? ', estimated' : ''})`,
  wasDue: (time, relative, estimated) =>
    `planned start passed ${estimated ? 'about ' : ''}${time} (${relative}${estimated ? ', estimated' : ''})`,
  startsNever: 'no deadline known',
  deadlineShort: (time, estimated) => (estimated ? `about ${time}` : time),
  deadlineShortNone: 'no deadline known',
  ifNobodyActs(certainty, time, passed) {
    if (passed)
      return `The planned start (${time}) has passed: Tencent Cloud may start the repair by itself at any moment.`;
    return certainty === 'stated'
      ? `Tencent Cloud starts the repair by itself on ${time}.`
      : `Tencent Cloud is expected to start the repair by itself around ${time}; the API gives no time, so this is estimated as creation + 48 h.`;
  },
  ifNobodyActsNone:
    'No automatic start is documented for this type: the task waits until somebody authorizes it, and the fault stays until then.',
  happened: (at, what) => `${at}: ${what}`,
  headingIfNobodyActs: 'If nobody acts',
  headingChanges: 'What changed',
  headingEvents: 'What happened',
  headingNextStep: 'Next step',
  headingVendorSays: 'Tencent Cloud says',
  nextStep: 'Authorize it in the console, or with one of these commands:',
  nextStepDataLoss: 'Back up the local disks first. Then authorize it in the console, or with one of these commands:',
  nextStepNothing: 'Authorize it in the console.',
  book: 'Book it (put in your own time: 5 minutes to 48 hours ahead, Beijing time)',
  immediate: 'Or right now: starts at once, cannot be undone',
  takeOn: 'You take care of it? Then nobody is reminded until it changes (put in your own name)',
  acknowledged: (by, at, relative, until) =>
    `Acknowledged by ${by} ${relative} (${at})${until === null ? '' : `, until ${until}`}`,
  muted: (until, by, reason) => `Muted until ${until}${by === null ? '' : ` by ${by}`}: ${reason}`,
} satisfies TaskWords;

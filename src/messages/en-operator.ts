import type { OperatorValues, OperatorWords } from './catalogue.ts';
import { count } from './plural.ts';

const lateTask: Readonly<Record<string, (v: OperatorValues) => string>> = {
  'started-early': (v) =>
    `Task ${v.taskId} of account ${v.account} started more than 15 minutes before its shown deadline, and no person authorized it: unless a preset policy of yours allows that, the deadlines shown may be too late, so check the account's utcOffset.`,
  'proven-second': (v) =>
    `Task ${v.taskId} of account ${v.account} appeared in a second that an earlier poll had already read completely, so the account's utcOffset may be wrong or the API may lag: compare its creation time in the console.`,
  future: (v) =>
    `Task ${v.taskId} of account ${v.account} has a creation time ${v.offset} in the future, a sign that all times of the account are shifted: check the account's utcOffset and this machine's clock.`,
};

const whyStale = (v: OperatorValues): string =>
  v.whyStale === null
    ? '"repairwatch polls" shows the reason'
    : `the last poll says "${v.whyStale}"; "repairwatch polls" shows all of them`;

export const enOperator = {
  title: (n) => `repairwatch needs attention: ${count(n, 'notice', 'notices')}`,
  titleOver: (title) => `Over: ${title}`,
  titles: {
    'account-blocked': (v) => `Account ${v.account} is blocked`,
    'poll-stale': (v) => `Account ${v.account} is not being read`,
    'tasks-vanished': (v) => `Tasks of account ${v.account} vanished at once`,
    'rows-set-aside': (v) => `Unreadable rows in account ${v.account}`,
    'unknown-value': (v) => `Unknown value in account ${v.account}`,
    unrouted: (v) => `No route for an alert of account ${v.account}`,
    'message-dead': (v) => `A message to ${v.channel} was given up`,
    'lane-down': (v) => `Channel ${v.channel} is down`,
    'recipient-refused': (v) => `A recipient of channel ${v.channel} is refused`,
    'messages-waiting': (v) => `Messages to ${v.channel} are held up`,
    'store-unwritable': () => 'The store cannot be written',
    'channel-removed': (v) => `Channel ${v.channel} was removed`,
    'reload-refused': () => 'The changed configuration was refused',
    'clock-off': () => 'The clock is off',
    'late-task': (v) => `Unexpected time of task ${v.taskId}`,
    'audit-found': (v) => `The audit of account ${v.account} found what its polls had not`,
  },
  begun: {
    'account-blocked': (v) =>
      `Tencent Cloud does not let repairwatch read account ${v.account} (${v.message}), so what is pending there is not known: repair its key or grant cvm:DescribeTaskInfo, then run "repairwatch check --online".`,
    'poll-stale': (v) =>
      v.lastComplete === null
        ? `Account ${v.account} has never been read completely, so what is pending there is not known: ${whyStale(v)}.`
        : `Account ${v.account} was last read completely at ${v.lastComplete}, so what is pending there is not known: ${whyStale(v)}.`,
    'tasks-vanished': (v) =>
      `${v.vanished} of ${count(v.open, 'open task', 'open tasks')} of account ${v.account} vanished at once and nothing was concluded from it: check that its key still belongs to the same Tencent Cloud account.`,
    'rows-set-aside': (v) =>
      `${count(v.count, 'row', 'rows')} of account ${v.account} could not be read and ${v.count === 1 ? 'was' : 'were'} set aside (for example: ${v.example}): look these tasks up in the console, and update repairwatch.`,
    'unknown-value': (v) =>
      `Account ${v.account} shows a value that this version does not know, ${v.value}: it is passed on as it came and treated with caution; look for a newer version of repairwatch.`,
    unrouted: (v) =>
      `The "${v.event}" alert of task ${v.taskId} in account ${v.account} matches no route and goes to the operator's channels instead: look at the task now, and add a catch-all route.`,
    'message-dead': (v) =>
      `Message ${v.key} to channel ${v.channel} could not be delivered (${v.reason}): read it with "repairwatch deliveries", send it again with "repairwatch requeue ${v.key}".`,
    'lane-down': (v) =>
      `Channel ${v.channel} cannot deliver anything (${v.reason}): repair its hook or login, then run "repairwatch send-test ${v.channel}"; its messages are kept until then.`,
    'recipient-refused': (v) =>
      `The mail server refuses ${v.recipient}, a recipient of channel ${v.channel}, for good (${v.reason}), while the others get their mail: correct the address, or take it out of the channel's "to".`,
    'messages-waiting': (v) =>
      `Messages have been waiting for channel ${v.channel} since ${v.since}, longer than half an hour, though it is not known to be down: "repairwatch deliveries --state waiting" says what holds them up; they are kept until they are delivered.`,
    'store-unwritable': (v) =>
      v.replica === null
        ? `repairwatch has been unable to write its store since ${v.since} (${v.reason}), so no other message goes out until that is repaired; what happens meanwhile is told afterwards.`
        : `Replica ${v.replica} has been unable to write the store since ${v.since} (${v.reason}); unless another replica can, no other message goes out until that is repaired; what happens meanwhile is told afterwards.`,
    'channel-removed': (v) =>
      `Channel ${v.channel} is no longer in the configuration but messages still wait for it: put it back, or let another channel take over its routes.`,
    'reload-refused': (v) =>
      `The changed configuration has ${count(v.count, 'problem', 'problems')} (the first: ${v.reason}), so the one before goes on and nothing of the change holds: "repairwatch check" says all; correct it and reload again.`,
    'clock-off': (v) =>
      `The clock of this machine, ${v.host}, is ${v.offset} ${v.behind ? 'behind' : 'ahead of'} Tencent Cloud's (as ${v.count} of ${count(v.accounts, 'account shows', 'accounts show')}), so times and deadlines shown may be wrong: synchronise it with NTP.`,
    'late-task': (v) =>
      (Object.hasOwn(lateTask, v.kind) ? lateTask[v.kind] : undefined)?.(v) ??
      `Task ${v.taskId} of account ${v.account} came at an unexpected time (${v.kind}): check the account's utcOffset.`,
    'audit-found': (v) =>
      `The daily audit of account ${v.account} found ${count(v.count, 'pending task', 'pending tasks')} that its polls had not shown (for example ${v.taskId}), told now like any other; ${v.count === 1 ? 'it' : 'they'} came into the API late or ${v.count === 1 ? 'was' : 'were'} missed: compare the creation time in the console, and see "repairwatch polls ${v.poll}".`,
  },
  over: {
    'account-blocked': (v) => `Account ${v.account} can be read again.`,
    'poll-stale': (v) => `Account ${v.account} is being read completely again.`,
    'tasks-vanished': (v) => `The open tasks of account ${v.account} can be judged again.`,
    'rows-set-aside': (v) => `Every row of account ${v.account} can be read again.`,
    'unknown-value': (v) => `Account ${v.account} has not shown the unknown value ${v.value} for two days.`,
    unrouted: (v) => `For two days no alert of account ${v.account} has gone without a route.`,
    'message-dead': (v) => `Message ${v.key} to channel ${v.channel} is being sent again.`,
    'lane-down': (v) => `Channel ${v.channel} delivers again.`,
    'recipient-refused': (v) => `The mail server of channel ${v.channel} no longer refuses ${v.recipient}.`,
    'messages-waiting': (v) => `Messages to channel ${v.channel} go out on time again.`,
    'store-unwritable': (v) =>
      `The store can be written again; what happened since ${v.since} is being read and told now.`,
    'channel-removed': (v) => `Channel ${v.channel} is configured again, or nothing waits for it any more.`,
    'reload-refused': () => 'The configuration is accepted again and holds now.',
    'clock-off': (v) => `The clock of ${v.host} is no longer off.`,
    'late-task': (v) => `For two days no task of account ${v.account} has come at an unexpected time.`,
    'audit-found': (v) =>
      `The newest audit of account ${v.account} found no pending task that its polls had not shown.`,
  },
} satisfies OperatorWords;

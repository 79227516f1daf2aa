import type { Catalogue } from './catalogue.ts';
import { enDigest } from './en-digest.ts';
import { enLists } from './en-lists.ts';
import { enOperator } from './en-operator.ts';
import { enTask } from './en-task.ts';

/** The English catalogue. */
export const en = {
  language: 'en',
  time: {
    weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    moment: (weekday, date, time, zone) => `${weekday} ${date} ${time} ${zone}`,
    duration(days, hours, minutes) {
      if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
      if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
      return minutes > 0 ? `${minutes} min` : 'less than a minute';
    },
    ahead: (duration) => `in ${duration}`,
    ago: (duration) => `${duration} ago`,
    unknown: 'unknown time',
  },
  names: {
    unknownType: (id, vendorName) => (vendorName === null ? `TaskTypeId ${id}` : `TaskTypeId ${id} (${vendorName})`),
    typeMissing: 'Type not given',
    unknownStatus: (id) => `TaskStatus ${id} (unknown)`,
    notListed: 'No longer listed',
    unknownAuthType: (id) => `AuthType ${id} (unknown; may discard local disks)`,
    authTypeMissing: 'AuthType not given (may discard local disks)',
    unknownValue: (raw) => raw,
    product: (code, name) => `${name} (${code})`,
    none: 'none',
    instance: (alias, id) => `${alias} (${id})`,
    list: (items) => items.join(', '),
    events: { pending: 'pending', changed: 'changed', left: 'left', reminder: 'reminder' },
  },
  labels: {
    account: 'Account',
    task: 'Task',
    type: 'Type',
    instance: 'Instance',
    place: 'Zone',
    lanIp: 'LAN IP',
    deadline: 'Deadline',
    allows: 'Allows',
    created: 'Created',
    status: 'Status',
    product: 'Product',
    zone: 'Zone',
    region: 'Region',
    instanceId: 'Instance id',
    alias: 'Alias',
    certainty: 'Deadline is',
    dataLoss: 'May lose data',
    event: 'Event',
  },
  task: enTask,
  lists: enLists,
  digest: enDigest,
  operator: enOperator,
  frame: {
    sampleTitle: (title) => `Sample: ${title}`,
    sampleBanner:
      'This is a sample sent by "repairwatch send-test". The task in it does not exist; nothing needs to be done.',
    part: (part, parts) => `part ${part} of ${parts}`,
    zone: (timezone) => `times in ${timezone}`,
    reference: (key) => `ref ${key}`,
    openConsole: 'Open the console',
    openPage: 'Open repairwatch',
    attached: 'The whole list is attached as CSV.',
    colon: ': ',
  },
} satisfies Catalogue;

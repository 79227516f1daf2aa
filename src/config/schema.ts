import * as z from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import { accountSchema } from './schema-account.ts';
import {
  date,
  duration,
  emailAddress,
  line,
  list,
  listenAddress,
  mention,
  NAME,
  name,
  namePattern,
  oneOf,
  schedule,
  secret,
  secretAddress,
  section,
  smtpAddress,
  storeAddress,
  timeZone,
  webAddress,
  wholeNumber,
  yesOrNo,
} from './schema-leaves.ts';
import { TOKEN_MIN_CHARACTERS } from './token-length.ts';

/** What the cross checks and the environment need to know of the defaults, as they would be written. */
export const DEFAULTS = {
  lookback: '30d',
  overlap: '10m',
  closedTasks: '400d',
  timezone: 'Asia/Shanghai',
  reminders: ['24h', '4h', '1h'],
} as const;

/** The events of the model; a test holds the two together. */
export const EVENTS = ['pending', 'changed', 'left', 'reminder'] as const;
const LANGUAGES = ['zh-CN', 'en'] as const;

const channelNames = () => list(name(), 'channel names');

const poll = section({
  schedule: schedule()
    .prefault('*/5 * * * *')
    .describe('When to poll, unless an account has its own: five or six cron fields.'),
  timezone: timeZone()
    .prefault(DEFAULTS.timezone)
    .describe('Whose clock the schedule means; also the default of channels and digests.'),
  lookback: duration(HOUR_MS, 3650 * DAY_MS)
    .prefault(DEFAULTS.lookback)
    .describe('How far back closed tasks are read.'),
  overlap: duration(0, 30 * DAY_MS)
    .prefault(DEFAULTS.overlap)
    .describe('How much of the already read time each poll reads again.'),
  requestsPerSecond: wholeNumber(1, 20).default(18).describe('Requests of one key in any second; the API allows 20.'),
  since: date().prefault('2015-01-01').describe('Tasks that wait are looked for from this day on.'),
  requestTimeout: duration(SECOND_MS, 2 * MINUTE_MS)
    .prefault('10s')
    .describe('How long one request may take.'),
});

const common = {
  language: oneOf(LANGUAGES).optional().describe('zh-CN or en; the top-level language unless set.'),
  timezone: timeZone().optional().describe('In which times are shown; poll.timezone unless set.'),
};

const slack = section({
  type: z.literal('slack'),
  url: secretAddress('the https:// address of an incoming webhook').describe('The incoming webhook; a secret.'),
  mention: z
    .record(z.string(), mention(), { error: 'it must be a mapping of events to mentions' })
    .prefault({})
    .describe('Whom to call: an event, or reminder- and a rung such as reminder-1h, to mentions in Slack’s syntax.'),
  ...common,
});

const email = section({
  type: z.literal('email'),
  smtp: smtpAddress('smtp://host:port or smtps://user:password@host:port').describe('The mail server; a secret.'),
  from: emailAddress().describe('The sender.'),
  to: list(emailAddress(), 'e-mail addresses').describe('The recipients.'),
  ...common,
});

const reminders = () =>
  list(duration(MINUTE_MS, 30 * DAY_MS), 'durations before the deadline such as [24h, 4h, 1h]', 0);

const match = section({
  account: list(namePattern(), 'account names')
    .optional()
    .describe('Any of these accounts; * in a name stands for any text.'),
  taskType: list(wholeNumber(1, 9999), 'task type numbers such as 101').optional().describe('Any of these task types.'),
  product: list(line('a product: CVM, CDH or CPM2.0'), 'products: CVM, CDH, CPM2.0')
    .optional()
    .describe('Any of these products.'),
  zone: list(line('a zone such as ap-guangzhou-7'), 'zones such as ap-guangzhou-7')
    .optional()
    .describe('Any of these zones.'),
  region: list(line('a region such as ap-guangzhou'), 'regions such as ap-guangzhou')
    .optional()
    .describe('Any of these regions.'),
  alias: line('a pattern such as web-*').optional().describe("The instance's name; * stands for any text."),
  dataLoss: yesOrNo().optional().describe('Whether the repair may discard local disks.'),
});

const route = section({
  match: match.prefault({}).describe('Every condition that is given must hold; none: every task.'),
  channels: channelNames().describe('Where to send.'),
  events: list(oneOf(EVENTS), 'events: pending, changed, left, reminder')
    .default([...EVENTS])
    .describe('What to send; all four unless set.'),
  reminders: reminders()
    .optional()
    .describe('How long before the deadline this route reminds; the general ones unless set, [] for never.'),
  continue: yesOrNo().default(false).describe('True: the routes after this one are asked too.'),
});

const digest = section({
  name: name().describe('Under this name its coverage is remembered.'),
  schedule: schedule().describe('When to send: five or six cron fields.'),
  timezone: timeZone().optional().describe('Whose clock the schedule means; poll.timezone unless set.'),
  channels: channelNames().describe('Where to send.'),
});

const channelsByName = z.record(
  z.string().regex(NAME, { error: 'it must be a name of up to 64 letters, digits, ".", "_" and "-"' }),
  // String: zod's types leave out the code that a channel gets which is no mapping.
  z.discriminatedUnion('type', [slack, email], {
    error: ({ code }) =>
      String(code) === 'invalid_type' ? 'it must be a mapping with type slack or email' : 'it must be slack or email',
  }),
  {
    error: 'it must be a mapping with at least one channel, from its name to its settings',
  },
);

const channels = channelsByName.refine((byName) => Object.keys(byName).length > 0, {
  error: 'it must have at least one channel',
});

const WEB = 'an address such as https://repairs.example.com';

/** The configuration as it is written, after references are put in. What comes out has milliseconds, secrets and defaults; `to-config.ts` does the rest. */
export const configSchema = section({
  accounts: list(accountSchema, 'accounts')
    .optional()
    .describe('Whose repair tasks to read; left out: the official credential variables.'),
  poll: poll.prefault({}).describe('How the API is read.'),
  store: storeAddress()
    .prefault('sqlite:data/repairwatch.db')
    .describe('Where what is known is kept: sqlite:PATH or postgres://user:password@host:5432/database.'),
  channels: channels.describe('Where messages go, by name.'),
  routes: list(route, 'routes; leave it out to send everything to every channel', 0)
    .min(1, {
      error:
        'by no route nothing would be sent: list at least one, or leave it out to send everything to every channel',
    })
    .optional()
    .describe(
      'The first route that matches a task decides, unless it says continue; left out: everything to every channel.',
    ),
  reminders: reminders()
    .prefault([...DEFAULTS.reminders])
    .describe('How long before the deadline to remind; [] for never.'),
  digests: list(digest, 'digests', 0).default([]).describe('Summaries of what waits and what happened.'),
  operator: section({ channels: channelNames().describe('Where to tell.') })
    .optional()
    .describe('Who is told about trouble of repairwatch itself; left out: every channel.'),
  heartbeat: section({
    url: secretAddress('the https:// address of a heartbeat monitor').describe('Called while all is well; a secret.'),
    every: duration(10 * SECOND_MS, DAY_MS)
      .prefault('5m')
      .describe('How often.'),
    startAndFail: yesOrNo()
      .default(true)
      .describe(
        'Also call URL/start at the start and URL/fail while it is not well, as healthchecks.io understands them.',
      ),
  })
    .optional()
    .describe('A monitor elsewhere that raises the alarm when it is no longer called.'),
  http: section({
    listen: listenAddress().prefault('127.0.0.1:9420').describe('Address and port.'),
    token: secret('a token')
      .optional()
      .describe(
        `What readers must show; a secret. Needed, with ${TOKEN_MIN_CHARACTERS} characters or more, where others can reach the address, and for acknowledging and muting from the page.`,
      ),
    publicUrl: webAddress(WEB)
      .optional()
      .describe('The address under which people reach the page; messages link to it.'),
  })
    .optional()
    .describe('The page, the metrics and the API; left out: nothing is served.'),
  retention: section({
    closedTasks: duration(DAY_MS, 3650 * DAY_MS)
      .prefault(DEFAULTS.closedTasks)
      .describe('How long closed tasks are kept.'),
    polls: duration(HOUR_MS, 3650 * DAY_MS)
      .prefault('30d')
      .describe('How long the ledger of polls is kept.'),
  })
    .prefault({})
    .describe('When old rows are deleted.'),
  language: oneOf(LANGUAGES).default('en').describe('zh-CN or en.'),
  consoleUrl: webAddress('an https:// address')
    .prefault('https://console.cloud.tencent.com/cvm/repair/list')
    .describe('Where a person authorizes.'),
});

/** The same where nobody is told anything. */
export const askSchema = configSchema.extend({ channels: channelsByName.prefault({}) });

/** The schema's output. */
export type CheckedConfig = z.output<typeof configSchema>;

import * as z from 'zod';
import {
  line,
  list,
  NAME,
  name,
  origin,
  roleArn,
  schedule,
  secret,
  section,
  timeZone,
  uinOrRole,
  utcOffset,
  wholeNumber,
} from './schema-leaves.ts';

const assumeRole = section({
  roleArn: roleArn()
    .optional()
    .describe('The role to take on with this key, for reading another account; {uin} stands for that of each account.'),
  sessionName: name().prefault('repairwatch').describe("Shown in the other account's audit log."),
  externalId: line('a text on one line').optional().describe("What the role's owner asks for, if anything."),
});

const each = z
  .record(
    z.string().regex(NAME, { error: 'it must be a name of up to 64 letters, digits, ".", "_" and "-"' }),
    uinOrRole(),
    { error: 'it must be a mapping from the name of each account to its UIN or its role' },
  )
  .refine((byName) => Object.keys(byName).length > 0, { error: 'it must have at least one account' });

/** An entry of `accounts`: one account by its `name`, or many alike by `each`. `account-entries.ts` checks what one option of it says about another. */
export const accountSchema = section({
  name: name().optional().describe('Shown in every message. A renamed account keeps its state.'),
  each: each
    .optional()
    .describe(
      'Instead of name, many accounts with the options of this entry: from the name of each to its UIN, which {uin} in assumeRole.roleArn stands for, or to its role.',
    ),
  secretId: secret('a SecretId')
    .optional()
    .describe(
      'Leave it and secretKey out for the official credential chain: environment, ini file, CVM role, TKE pod identity.',
    ),
  secretKey: secret('a SecretKey').optional().describe('Best by a reference to the environment or a file.'),
  token: secret('a session token').optional().describe('Only with a temporary key.'),
  assumeRole: assumeRole.optional().describe('A role to take on before reading.'),
  endpoint: origin('the origin of the API such as https://cvm.tencentcloudapi.com')
    .prefault('https://cvm.tencentcloudapi.com')
    .describe('Where the API is; http:// for loopback addresses only.'),
  region: line('a region such as ap-guangzhou')
    .prefault('ap-guangzhou')
    .describe("The access region; one call covers every region's tasks."),
  utcOffset: utcOffset().prefault('+08:00').describe("The offset of the API's times from UTC."),
  schedule: schedule().optional().describe('When to poll it: five or six cron fields; poll.schedule unless set.'),
  timezone: timeZone().optional().describe('Whose clock its schedule means; poll.timezone unless set.'),
  product: line('a product: CVM, CDH or CPM2.0').optional().describe('Read only this product: CVM, CDH or CPM2.0.'),
  taskTypes: list(wholeNumber(1, 9999), 'task type numbers such as 101')
    .optional()
    .describe('Read only these task types, 101 to 107.'),
  instanceIds: list(line('an instance id'), 'instance ids such as ins-1a2b3c4d')
    .optional()
    .describe('Read only these instances; a list of more than 100 is applied after reading.'),
  aliases: list(line('an instance name'), 'instance names')
    .optional()
    .describe('Read only instances of these names; a list of more than 100 is applied after reading.'),
});

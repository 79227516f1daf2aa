import { Option } from 'commander';
import { type Definition, jsonOption, languageOption } from './definition.ts';
import { listOption } from './list-option.ts';
import type { LanguageOptions } from './screen.ts';

/** `list` as it is typed: texts that are not checked yet. */
export interface ListOptions extends LanguageOptions {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly remote?: boolean;
  readonly account?: readonly string[];
  readonly product?: string;
  readonly taskStatus?: readonly string[];
  readonly taskType?: readonly string[];
  readonly taskId?: readonly string[];
  readonly instanceId?: readonly string[];
  readonly alias?: readonly string[];
  readonly zone?: readonly string[];
  readonly text?: string;
  readonly limit?: string;
  readonly offset?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly orderField?: string;
  readonly order?: string;
}

const REMOTE = 'With --remote';

/** `list`, which looks into the store, or with `--remote` is the vendor's own query. */
export const listCommand: Definition = {
  usage: 'list',
  summary: 'the tasks that wait for authorization: may lose data first, then by deadline',
  details: `Reads the store only, also beside a running service, and says of each account when it was last read completely.

--remote asks the API instead: one signed call of DescribeTaskInfo with exactly what is given here (what the account's configuration narrows is not added), tasks of every status in the API's order, and nothing is stored. One call is one page. Rows move between two calls, so pages put together may lack a task; only the polls prove that they are complete. Dates go by CreateTime: 2026-11-24 and "2026-11-24 12:00:00" in the API's zone, 2026-11-24T12:00+08:00 in its own, 30d that long ago.

Lists are separated by commas, and each option may be repeated. A comma inside a name is written \\,.`,
  options: [
    new Option('--all', 'also the tasks that are booked or under way'),
    listOption(
      '--account <name>',
      'only this account (* stands for any text); with --remote the one to ask, where there are several',
    ),
    new Option('--product <product>', 'CVM, CDH or CPM2.0'),
    listOption(
      '--task-status <numbers>',
      '1 pending, 2 processing, 3 ended, 4 scheduled, 5 cancelled, 6 avoided; the store lists open tasks (1, 2, 4)',
    ),
    listOption('--task-type <numbers>', '101 to 107'),
    listOption('--task-id <ids>', 'such as rep-xxxxxxx1'),
    listOption('--instance-id <ids>', 'such as ins-xxxxxxx1'),
    listOption('--alias <names>', 'names of instances; without --remote * stands for any text'),
    listOption('--zone <zones>', 'such as ap-guangzhou-7; not with --remote'),
    new Option('--text <text>', 'in an id, a name, an address or the detail; not with --remote'),
    new Option('--remote', 'ask the API, not the store'),
    new Option('--limit <rows>', `${REMOTE}: rows of the page, 1 to 100 (default: 100)`),
    new Option('--offset <rows>', `${REMOTE}: rows before the page (default: 0)`),
    new Option('--start-date <when>', `${REMOTE}: created from then on (default: poll.lookback before the end)`),
    new Option('--end-date <when>', `${REMOTE}: created until then; a day means its end (default: the API's now)`),
    new Option('--order-field <field>', `${REMOTE}: CreateTime, AuthTime or EndTime (default: CreateTime)`),
    new Option('--order <order>', `${REMOTE}: asc or desc (default: asc)`),
    jsonOption(),
    languageOption(),
  ],
  examples: [
    'list',
    'list --all --language zh-CN',
    'list --task-type 101,103 --zone ap-guangzhou-7',
    "list --json | jq '.tasks[].taskId'",
    'list --remote --account prod --task-status 1,4',
    'list --remote --start-date 90d --order desc --limit 20',
    'list --remote --instance-id ins-xxxxxxx1 --start-date 2026-01-01 --end-date 2026-06-30 --json',
  ],
  run: async (screen, options: ListOptions) =>
    options.remote === true
      ? (await import('./list-remote.ts')).listRemote(options, screen)
      : (await import('./list.ts')).list(options, screen),
};

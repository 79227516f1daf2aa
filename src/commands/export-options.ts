import { Option } from 'commander';
import { type Definition, languageOption } from './definition.ts';
import { listOption } from './list-option.ts';
import type { ListOptions } from './list-options.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'ics'] as const;
export const EXPORT_STATES = ['pending', 'open', 'closed', 'all'] as const;

/** `export` as it is typed: the filters of `list` are not checked yet. */
export interface ExportOptions
  extends Pick<
    ListOptions,
    | 'config'
    | 'logLevel'
    | 'language'
    | 'all'
    | 'account'
    | 'product'
    | 'taskStatus'
    | 'taskType'
    | 'taskId'
    | 'instanceId'
    | 'alias'
    | 'zone'
    | 'text'
  > {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly state?: (typeof EXPORT_STATES)[number];
}

export const exportCommand: Definition = {
  usage: 'export',
  summary: 'the stored tasks as CSV, JSON or a calendar, closed ones too where they are asked for',
  details: `Reads the store only, also beside a running service, part by part: as many tasks as there are. What moves in the order meanwhile may be shown as it was, or be left out. Prints to stdout.

csv   one line a task under the names of \`list --json\`, times in UTC; no cell can be taken for a formula
json  as \`list --json\`, with \`ending\`: why a task is no longer watched, null while it is open
ics   an event at each task's planned start, as the feed of the page; tasks without a known start are left out

Lists are separated by commas, and each option may be repeated. A comma inside a name is written \\,.`,
  options: [
    new Option('--format <format>', 'how it is written').choices(EXPORT_FORMATS).default('csv'),
    new Option('--state <state>', 'pending unless given; open: also booked or under way; closed; all: both').choices(
      EXPORT_STATES,
    ),
    new Option('--all', 'the same as --state all').conflicts('state'),
    listOption('--account <name>', 'only this account; * stands for any text'),
    new Option('--product <product>', 'CVM, CDH or CPM2.0'),
    listOption('--task-status <numbers>', '1 pending, 2 processing, 3 ended, 4 scheduled, 5 cancelled, 6 avoided'),
    listOption('--task-type <numbers>', '101 to 107'),
    listOption('--task-id <ids>', 'such as rep-xxxxxxx1'),
    listOption('--instance-id <ids>', 'such as ins-xxxxxxx1'),
    listOption('--alias <names>', 'names of instances; * stands for any text'),
    listOption('--zone <zones>', 'such as ap-guangzhou-7'),
    new Option('--text <text>', 'in an id, a name, an address or the detail'),
    languageOption(),
  ],
  examples: [
    'export > pending.csv',
    'export --all --account prod --format json > prod.json',
    'export --state closed --task-status 5,6 --zone ap-guangzhou-7',
    'export --state open --format ics --language zh-CN > repairs.ics',
  ],
  run: async (screen, options) => (await import('./export.ts')).exportTasks({ format: 'csv', ...options }, screen),
};

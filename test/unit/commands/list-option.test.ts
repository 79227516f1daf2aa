import { Command } from 'commander';
import { expect, it } from 'vitest';
import { listOption } from '../../../src/commands/list-option.ts';

function parsed(...typed: string[]): unknown {
  const command = new Command().addOption(listOption('--alias <names>', 'names'));
  return command.parse(typed, { from: 'user' }).opts()['alias'];
}

it.each([
  [
    ['--alias', 'web-1, web-2'],
    ['web-1', 'web-2'],
  ],
  [
    ['--alias', 'web-1', '--alias', 'web-2,web-3'],
    ['web-1', 'web-2', 'web-3'],
  ],
  [['--alias', String.raw`web\,old`], ['web,old']],
  [
    ['--alias', 'a', '--alias', String.raw`b\,c,d`],
    ['a', 'b,c', 'd'],
  ],
  [['--alias', String.raw`C:\web`], [String.raw`C:\web`]],
  [
    ['--alias', 'a,,b'],
    ['a', '', 'b'],
  ],
])('%j is the list %j', (typed, list) => {
  expect(parsed(...typed)).toEqual(list);
});

import { expect, it } from 'vitest';
import { readMatch } from '../../../src/commands/match-option.ts';
import { matchText } from '../../../src/model/task-match.ts';

const read = (...written: string[]) => readMatch(written, ['prod', 'test']);

it.each([
  ['account=prod', { account: ['prod'] }],
  ['account=prod,account=test,type=101', { account: ['prod', 'test'], taskType: [101] }],
  [
    'zone=ap-guangzhou-7,product=CVM,region=ap-guangzhou',
    { zone: ['ap-guangzhou-7'], product: ['CVM'], region: ['ap-guangzhou'] },
  ],
  ['alias=web-*=x', { alias: 'web-*=x' }],
  ['account=pr*', { account: ['pr*'] }],
])('%s is read as the routes write it, and shown as it was written', (text, match) => {
  expect(read(text)).toEqual(match);
  expect(readMatch([matchText(match)], ['prod', 'test'])).toEqual(match);
});

it('conditions may stand in several options', () => {
  expect(read('account=prod', 'alias=web-*')).toEqual({ account: ['prod'], alias: 'web-*' });
});

it.each([
  ['acount=prod', 'did you mean account?'],
  ['account=pord', 'There is no account "pord" in the configuration; did you mean prod?'],
  ['account=shop-*', 'There is no account "shop-*" in the configuration'],
  ['account', 'a condition is NAME=VALUE'],
  ['zone=', 'a condition is NAME=VALUE'],
  ['', 'a condition is NAME=VALUE, the names are account, type'],
  ['type=disk', 'a type is a number such as 101'],
  ['alias=a*,alias=b*', 'more than one alias'],
])('%j is refused with what is wrong', (text, says) => {
  expect(read(text)).toEqual({ problem: expect.stringContaining(says) });
});

import { expect, it } from 'vitest';
import { en } from '../../../src/messages/en.ts';
import { createSpeaker } from '../../../src/messages/speak.ts';
import { zhCn } from '../../../src/messages/zh-cn.ts';
import { chinese, english } from '../../support/speakers.ts';

const NOON = Date.UTC(2023, 2, 10, 4, 0, 0);
const links = { consoleUrl: 'https://c.example/', publicUrl: null };

it('says times with weekday and zone, in the zone it was given', () => {
  expect(english.time(NOON)).toBe('Fri 2023-03-10 12:00 GMT+8');
  expect(chinese.time(NOON)).toBe('2023-03-10 周五 12:00 GMT+8');
  const newYork = createSpeaker({ language: 'en', timezone: 'America/New_York', ...links });
  expect(newYork.time(NOON)).toBe('Thu 2023-03-09 23:00 EST');
  expect(newYork.time(NOON + 120 * 86_400_000)).toBe('Sat 2023-07-08 00:00 EDT');
  expect(english.time(Number.NaN)).toBe('unknown time');
});

it.each([
  [169_200_000, 'in 1 d 23 h', '1 天 23 小时后'],
  [-7_200_000, '2 h ago', '2 小时前'],
  [3_599_000, 'in 59 min', '59 分钟后'],
  [5_400_000, 'in 1 h 30 min', '1 小时 30 分钟后'],
  [0, 'in less than a minute', '不到 1 分钟后'],
])('says %i ms as "%s"', (ms, en, zh) => {
  expect(english.relative(NOON + ms, NOON)).toBe(en);
  expect(chinese.relative(NOON + ms, NOON)).toBe(zh);
});

it('gives raw values of enumerations that it does not know', () => {
  expect(english.statusName(9)).toBe('TaskStatus 9 (unknown)');
  expect(english.authTypeName(9)).toBe('AuthType 9 (unknown; may discard local disks)');
  expect(chinese.authTypeName(9)).toBe('AuthType 9（未知，可能丢弃本地盘数据）');
  expect(english.authSourceName('New_auth')).toBe('New_auth');
  expect(english.typeName({ taskTypeId: null, taskTypeName: null })).toBe('Type not given');
});

it('links to web addresses only', () => {
  const speaker = createSpeaker({
    language: 'en',
    timezone: 'UTC',
    consoleUrl: 'javascript:alert(1)',
    publicUrl: 'no address',
  });
  expect([speaker.consoleUrl, speaker.publicUrl]).toEqual([null, null]);
});

/** The paths of everything that a catalogue says. */
function paths(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, held]: [string, unknown]) =>
    typeof held === 'object' && held !== null ? paths(held, `${path}${key}.`) : [path + key],
  );
}

it('has the same things to say in both languages', () => {
  expect(paths(zhCn).sort()).toEqual(paths(en).sort());
});

it('writes Chinese with Chinese punctuation', () => {
  const said = [JSON.stringify(zhCn), ...functionsOf(zhCn)];
  expect(said.filter((text) => /[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\(/.test(text))).toEqual([]);
});

/** The source text of every sentence with values. */
function functionsOf(value: object): string[] {
  return Object.values(value).flatMap((held: unknown) => {
    if (typeof held === 'function')
      return [...held.toString().matchAll(/(['`])((?:(?!\1).)*)\1/gs)].map(([, , text = '']) => text);
    return typeof held === 'object' && held !== null ? functionsOf(held) : [];
  });
}

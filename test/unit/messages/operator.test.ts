import { describe, expect, it } from 'vitest';
import { noticeWords } from '../../../src/messages/operator-document.ts';
import { OPERATOR_CODES, type OperatorNotice } from '../../../src/model/alert.ts';
import { SAMPLE_AT } from '../../support/sample-message.ts';
import { chinese, english, speakers } from '../../support/speakers.ts';

const FACTS: Readonly<Record<(typeof OPERATOR_CODES)[number], OperatorNotice['facts']>> = {
  'account-blocked': { account: 'prod', code: 'AuthFailure.SecretIdNotFound', message: 'The key does not exist.' },
  'poll-stale': { account: 'prod', lastComplete: SAMPLE_AT },
  'tasks-vanished': { account: 'prod', vanished: 7, open: 9 },
  'rows-set-aside': { account: 'prod', count: 2, example: 'CreateTime "soon"' },
  'unknown-value': { account: 'prod', value: 'AuthType 9' },
  unrouted: { account: 'prod', taskId: 'rep-1', event: 'pending' },
  'message-dead': { channel: 'ops-slack', key: 'rw-abcdefghij', reason: 'no_text' },
  'lane-down': { channel: 'ops-slack', reason: '404 no_service' },
  'recipient-refused': { channel: 'ops-mail', recipient: 'b@example.com', reason: '550 5.1.1 no such user' },
  'messages-waiting': { channel: 'ops-slack', since: SAMPLE_AT },
  'store-unwritable': { since: SAMPLE_AT, reason: 'The disk of the store /data/rw.db is full; free some space' },
  'channel-removed': { channel: 'ops-slack' },
  'reload-refused': { count: 3, reason: 'poll.shedule is not known' },
  'clock-off': { host: 'node-1', count: 19, accounts: 20, offsetMs: 360_000 },
  'late-task': { account: 'prod', taskId: 'rep-1', kind: 'future', offsetMs: 3_300_000 },
  'audit-found': { account: 'prod', count: 2, taskId: 'rep-1', poll: 17 },
};

const notice = (code: OperatorNotice['code'], fields: Partial<OperatorNotice> = {}): OperatorNotice => ({
  event: 'operator',
  at: SAMPLE_AT,
  code,
  subject: 'prod',
  over: false,
  facts: FACTS[code],
  ...fields,
});

describe.each(speakers)('every operator notice in %s', (_language, speaker) => {
  it('of several replicas the one is named that cannot write the store', () => {
    const facts = { ...FACTS['store-unwritable'], replica: 'host-2/17/abc123' };
    expect(noticeWords(notice('store-unwritable', { facts }), speaker).sentence).toContain('host-2/17/abc123');
  });

  it.each(OPERATOR_CODES)('%s is one sentence that names each value, and another when it is over', (code) => {
    const begun = noticeWords(notice(code), speaker);
    const over = noticeWords(notice(code, { over: true }), speaker);
    expect(begun.sentence).toMatch(/[.。]$/);
    expect(over.sentence).toMatch(/[.。]$/);
    expect(over.sentence).not.toBe(begun.sentence);
    expect(begun.sentence).not.toMatch(/undefined|NaN|\?/);
    for (const key of [
      'account',
      'channel',
      'code',
      'vanished',
      'open',
      'count',
      'value',
      'taskId',
      'key',
      'reason',
      'recipient',
      'poll',
      'host',
      'accounts',
    ]) {
      const value = FACTS[code][key];
      if (value !== undefined) expect(begun.sentence).toContain(String(value));
    }
  });

  it('does without its facts, by the subject', () => {
    for (const code of OPERATOR_CODES) {
      const { sentence } = noticeWords(notice(code, { facts: {}, subject: 'the-subject' }), speaker);
      expect(sentence).not.toMatch(/undefined|NaN|null/);
    }
  });
});

it('says how to repair what it tells', () => {
  expect(noticeWords(notice('account-blocked'), english).sentence).toContain('cvm:DescribeTaskInfo');
  expect(noticeWords(notice('message-dead'), english).sentence).toContain('repairwatch requeue rw-abcdefghij');
  expect(noticeWords(notice('lane-down'), chinese).sentence).toContain('repairwatch send-test ops-slack');
  expect(noticeWords(notice('clock-off'), english).sentence).toContain('6 min behind');
  expect(noticeWords(notice('clock-off', { facts: { offsetMs: -360_000 } }), chinese).sentence).toContain('快 6 分钟');
  expect(noticeWords(notice('late-task'), english).sentence).toMatch(/55 min in the future.*utcOffset/);
  expect(noticeWords(notice('audit-found'), chinese).sentence).toContain('repairwatch polls 17');
  const never = noticeWords(notice('poll-stale', { facts: {} }), english).sentence;
  expect(never).toContain('never been read completely, so what is pending');
});

it('tells by how much a clock is off to the nearest minute, and of which machine when it is over', () => {
  const off = (offsetMs: number) => notice('clock-off', { facts: { host: 'node-1', offsetMs } });
  // What a Date header of whole seconds shows of ten minutes, and what is told from: more than one minute.
  expect(noticeWords(off(599_200), english).sentence).toContain('10 min behind');
  expect(noticeWords(off(-599_200), chinese).sentence).toContain('快 10 分钟');
  expect(noticeWords(off(60_001), english).sentence).toContain('1 min behind');
  const over = notice('clock-off', { over: true });
  for (const speaker of [english, chinese]) expect(noticeWords(over, speaker).sentence).toContain('node-1');
});

it('counts in right English', () => {
  const one = notice('rows-set-aside', { facts: { account: 'prod', count: 1, example: 'x' } });
  expect(noticeWords(one, english).sentence).toContain('1 row of account prod could not be read and was set aside');
  expect(noticeWords(notice('rows-set-aside'), english).sentence).toContain(
    '2 rows of account prod could not be read and were set aside',
  );
});

it('tells of an account that may not be read in the words of the failure, its code once', () => {
  const message = 'account "lab" may not call DescribeTaskInfo, IpInBlacklist: no; allow this host’s address';
  const facts = { account: 'lab', code: 'IpInBlacklist', message };
  for (const speaker of [english, chinese]) {
    const { sentence } = noticeWords(notice('account-blocked', { facts }), speaker);
    expect(sentence).toContain(message);
    expect(sentence.split('IpInBlacklist')).toHaveLength(2);
  }
});

it('tells why an account is not being read, where that is known', () => {
  const reason = 'account "prod": DescribeTaskInfo refused the request, UnsupportedRegion: no; check the region';
  for (const speaker of [english, chinese]) {
    const stale = notice('poll-stale', { facts: { account: 'prod', reason } });
    expect(noticeWords(stale, speaker).sentence).toContain(reason);
    expect(noticeWords(notice('poll-stale'), speaker).sentence).toContain('repairwatch polls');
  }
});

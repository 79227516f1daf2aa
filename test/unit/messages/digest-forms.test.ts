import { describe, expect, it } from 'vitest';
import { renderMail } from '../../../src/channels/email/render.ts';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import type { Speaker } from '../../../src/messages/speak.ts';
import type { TaskEntry, TaskEvent } from '../../../src/model/alert.ts';
import type { DigestFacts } from '../../../src/model/message.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';
import { speakers } from '../../support/speakers.ts';

const entry = (taskId: string, task: Partial<RepairTask> = {}, ...events: readonly TaskEvent[]): TaskEntry => ({
  account: 'prod',
  task: sampleTask({ taskId, instanceId: taskId.replace('rep', 'ins'), ...task }),
  events,
});
const left = (by: string | null, how: 'processing' | 'cancelled' = 'processing'): TaskEvent => ({
  event: 'left',
  at: SAMPLE_AT,
  how,
  status: how === 'cancelled' ? 5 : 2,
  by,
});
const ack = { account: 'prod', taskId: 'rep-0', revision: 1, by: 'ann', at: SAMPLE_AT - 26 * HOUR_MS, until: null };
const DEFAULT = 'System_mandatory_auth';

/** A late digest with one of everything that it adds to its lists. */
const FACTS: DigestFacts = {
  kind: 'digest',
  name: 'morning',
  madeAt: SAMPLE_AT,
  scheduledAt: SAMPLE_AT - 2 * HOUR_MS,
  coversFrom: SAMPLE_AT - 26 * HOUR_MS,
  late: true,
  pending: [{ ...entry('rep-0'), silence: { ack, mute: null } }],
  fresh: [],
  changed: [],
  left: [
    entry('rep-auto', { taskStatus: 2 }, left(DEFAULT)),
    entry('rep-slow', { taskStatus: 2, authSource: DEFAULT }, left('Waiting_auth')),
    entry('rep-gone', { taskStatus: 5, authSource: DEFAULT }, left(DEFAULT, 'cancelled')),
    entry('rep-cust', { taskStatus: 2, authSource: 'Customer_auth' }, left('Customer_auth')),
  ],
  later: [
    {
      account: 'prod',
      task: entry('rep-born', { taskStatus: 2, authSource: DEFAULT }).task,
      at: SAMPLE_AT,
      from: null,
      to: 2,
    },
    {
      account: 'prod',
      task: entry('rep-step', { taskStatus: 3, authSource: DEFAULT }).task,
      at: SAMPLE_AT,
      from: 2,
      to: 3,
    },
  ],
  accounts: [
    { account: 'prod', lastCompleteAt: SAMPLE_AT - 120_000, known: true },
    { account: 'stage', lastCompleteAt: SAMPLE_AT - 25 * HOUR_MS, known: false },
    { account: 'lab', lastCompleteAt: null, known: false },
  ],
  deadMessages: 2,
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** As a reader sees it; a line may be broken anywhere. */
const seen = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '').replaceAll(/\s+/g, '');

function texts(payload: unknown): string {
  const found: string[] = [];
  JSON.stringify(payload, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') found.push(value.replaceAll('*', ''));
    return value;
  });
  return found.join('\n');
}

function forms(facts: DigestFacts, speaker: Speaker): Readonly<Record<string, string>> {
  const message = (plain: boolean) => sampleMessage({}, { facts, plain });
  const { html, text } = renderMail(message(false), speaker);
  return {
    'Slack blocks': texts(renderSlack(message(false), speaker, {}).blocks),
    'Slack text': texts(renderSlack(message(true), speaker, {})),
    HTML: html.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^>]*>/g, ' '),
    text,
  };
}

const SAYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  en: {
    'acknowledged by whom and since when': ['Acknowledged by ann 1 d 2 h ago (Thu 2026-01-01 09:04 GMT+8)'],
    'started by the default, also what was not seen to wait': [
      "Started by Tencent Cloud's default: 3",
      'nobody in the team decided',
      'First seen as Processing, Fri 2026-01-02 11:04 GMT+8',
    ],
    'no longer pending, but not by the default': ['No longer pending: 2'],
    'dead messages': ['2 messages could not be delivered', '"repairwatch requeue" sends them again'],
    'accounts that are not read, and since when': [
      'What is pending in accounts stage, lab is not known',
      'stage: not known, last read completely Thu 2026-01-01 10:04 GMT+8',
      'lab: not known, never read completely',
    ],
    'late, and for which period': [
      'This digest is late: it was due Fri 2026-01-02 09:04 GMT+8',
      'It covers Thu 2026-01-01 09:04 GMT+8 to Fri 2026-01-02 11:04 GMT+8.',
    ],
  },
  'zh-CN': {
    'acknowledged by whom and since when': ['ann 已于 2026-01-01 周四 09:04 GMT+8 认领（1 天 2 小时前）'],
    'started by the default, also what was not seen to wait': [
      '由腾讯云默认授权开始：3 个',
      '未经人工决定',
      '2026-01-02 周五 11:04 GMT+8 首次发现时已为“处理中”',
    ],
    'no longer pending, but not by the default': ['已离开待授权：2 个'],
    'dead messages': ['有 2 条消息未能送达', '"repairwatch requeue" 重新发送'],
    'accounts that are not read, and since when': [
      '账号 stage、lab 的待授权情况未知',
      'stage：情况未知，最近一次完整读取于 2026-01-01 周四 10:04 GMT+8',
      'lab：情况未知，从未完整读取',
    ],
    'late, and for which period': [
      '本摘要晚到：应于 2026-01-02 周五 09:04 GMT+8 发出',
      '统计区间为 2026-01-01 周四 09:04 GMT+8 至 2026-01-02 周五 11:04 GMT+8',
    ],
  },
};

describe.each(speakers)('a digest in %s says in every form', (language, speaker) => {
  const told = forms(FACTS, speaker);

  it.each(Object.entries(SAYS[language] ?? {}))('what is %s', (_what, sentences) => {
    for (const [form, text] of Object.entries(told))
      for (const sentence of sentences) expect(seen(text), form).toContain(seen(sentence));
  });

  it('what the default started, in a list of its own', () => {
    const { text = '' } = told;
    const list = text.slice(text.indexOf(language === 'en' ? "Started by Tencent Cloud's" : '由腾讯云默认'));
    const ids = list.match(/rep-(?:auto|slow|born|gone|cust|step)/g);
    expect([ids?.slice(0, 3).sort(), ids?.slice(3).sort()]).toEqual([
      ['rep-auto', 'rep-born', 'rep-slow'],
      ['rep-cust', 'rep-gone', 'rep-step'],
    ]);
  });

  it('who has taken on what, and which accounts are not read, also where hundreds of tasks leave no room for more', () => {
    const many = Array.from({ length: 400 }, (_, at) => entry(`rep-${1_000 + at}`));
    const pending = [...FACTS.pending, ...many];
    const long = forms({ ...FACTS, pending, fresh: many, changed: many, left: many }, speaker);
    for (const form of ['Slack blocks', 'HTML', 'text']) {
      const text = seen(long[form] ?? '');
      for (const sentence of ['ann', 'stage', 'lab'].map((name) => SAYS_OF[name]?.[language] ?? ''))
        expect(text, form).toContain(seen(sentence));
    }
  });
});

const SAYS_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ann: {
    en: 'Acknowledged by ann 1 d 2 h ago (Thu 2026-01-01 09:04',
    'zh-CN': 'ann 已于 2026-01-01 周四 09:04 GMT+8 认领',
  },
  stage: { en: 'stage: not known, last read', 'zh-CN': 'stage：情况未知，最近一次完整读取于' },
  lab: { en: 'lab: not known, never read', 'zh-CN': 'lab：情况未知，从未完整读取' },
};

import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { sampleMessages } from '../../../src/messages/samples.ts';
import type { Speaker } from '../../../src/messages/speak.ts';
import { renderTerminal } from '../../../src/messages/terminal.ts';
import type { TaskEntry, TaskEvent } from '../../../src/model/alert.ts';
import type { MessageFacts, RollUpGroup } from '../../../src/model/message.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';
import { chinese, english, speakers } from '../../support/speakers.ts';

const HOUR = 3_600_000;
const pending: TaskEvent = { event: 'pending', at: SAMPLE_AT, again: false };

function say(facts: MessageFacts, speaker: Speaker, columns = 400): string {
  return renderTerminal(sampleMessage({}, { facts }), speaker, { columns, colour: false });
}

function sayTask(task: Partial<RepairTask>, events: readonly TaskEvent[] = [pending], speaker = english): string {
  return say({ kind: 'task', madeAt: SAMPLE_AT, entry: { account: 'prod', task: sampleTask(task), events } }, speaker);
}

describe('a pending task', () => {
  it('says what, where, the deadline, what the authorization allows and what happens if nobody acts', () => {
    const text = sayTask({ lanIp: '10.0.0.7', authType: 7 });
    for (const said of [
      'Repair pending: web-1 (ins-0a1b2c3d), Instance running risk',
      'Cloud Virtual Machine (CVM)',
      'prod',
      'ap-guangzhou-7',
      '10.0.0.7',
      'Sat 2026-01-03 11:04 GMT+8 (in 1 d)',
      'Online maintenance or shutdown',
      'Tencent Cloud starts the repair by itself on Sat 2026-01-03 11:04 GMT+8.',
      'Open the console: https://console.cloud.tencent.com/cvm/repair/list',
    ])
      expect(text).toContain(said);
  });

  it('says in Chinese what a colleague would say', () => {
    const text = sayTask({ authType: 7 }, [pending], chinese);
    for (const said of [
      '维修任务待授权：web-1（ins-0a1b2c3d） 实例运行隐患',
      '2026-01-03 周六 11:04 GMT+8（1 天后）',
      '腾讯云将于 2026-01-03 周六 11:04 GMT+8 自动开始维修。',
      '在线维护或停机维修',
      '或立即授权：马上开始维修，不可撤销',
    ])
      expect(text).toContain(said);
  });

  it('says that a deadline is estimated, that none is known, or that it has passed', () => {
    expect(sayTask({ authTime: null })).toMatch(
      /Deadline +\S+ 2026-01-04 10:04 GMT\+8 \(in 1 d 23 h\), estimated: creation \+ 48 h/,
    );
    expect(sayTask({ authTime: null, taskTypeId: 106 })).toMatch(/No automatic start is documented/);
    expect(sayTask({ authTime: SAMPLE_AT - HOUR })).toMatch(
      /has passed: Tencent Cloud may start the repair by itself at any moment/,
    );
  });

  it('that came back says so', () => {
    const again: TaskEvent = { event: 'pending', at: SAMPLE_AT, again: true };
    expect(sayTask({}, [again])).toMatch(/Repair pending again.*Returned to pending authorization/s);
    expect(sayTask({}, [again], chinese)).toMatch(/再次待授权.*回到待授权状态/s);
  });

  it('shows unknown enumeration values raw, and takes an unknown AuthType for data loss', () => {
    const text = sayTask({ taskTypeId: 199, taskTypeName: '新类型', authType: 9, product: 'XYZ' });
    for (const said of [
      'TaskTypeId 199 (新类型)',
      'AuthType 9 (unknown; may discard local disks)',
      'XYZ',
      'Data loss possible',
    ])
      expect(text).toContain(said);
    expect(sayTask({ product: 'constructor', authSource: '__proto__' })).toContain('constructor');
  });

  it.each([4, 5, 8, null])('with AuthType %s says that local disks may be erased and to back up first', (authType) => {
    expect(sayTask({ authType })).toMatch(/local disks may be erased|may erase the local disks/);
    expect(sayTask({ authType })).toMatch(/Back up the local disks first/);
    expect(sayTask({ authType }, [pending], chinese)).toMatch(/可能清空.*请先备份本地盘数据/s);
  });
});

describe('a changed task', () => {
  const changed: TaskEvent = {
    event: 'changed',
    at: SAMPLE_AT,
    changes: [
      { field: 'authTime', before: SAMPLE_AT + 2 * HOUR, after: SAMPLE_AT + HOUR },
      { field: 'authType', before: 6, after: 8 },
      { field: 'taskSubType', before: null, after: 'x' },
    ],
  };

  it('names old and new of each field in words', () => {
    const text = sayTask({ authType: 8 }, [changed]);
    expect(text).toContain('Planned start: Fri 2026-01-02 13:04 GMT+8 → Fri 2026-01-02 12:04 GMT+8');
    expect(text).toContain('Authorization allows: Online maintenance → Migration that discards local disks');
    expect(text).toContain('Sub-type: none → x');
  });
});

describe('a task that left', () => {
  const left = (how: Extract<TaskEvent, { event: 'left' }>['how'], by: string | null): TaskEvent => ({
    event: 'left',
    at: SAMPLE_AT,
    how,
    status: how === 'unlisted' ? null : 2,
    by,
  });

  it('says how and by whom, and asks for nothing', () => {
    const text = sayTask({ taskStatus: 4 }, [left('scheduled', 'Customer_auth')]);
    expect(text).toMatch(/Repair booked: .*booked for a later time \(authorized by the customer\)/s);
    expect(text).not.toMatch(/If nobody acts|tccli|Deadline/);
  });

  it('no longer listed is never called resolved', () => {
    expect(sayTask({}, [left('unlisted', null)])).toContain('no longer listed by the API; that does not mean resolved');
    expect(sayTask({}, [left('unlisted', null)], chinese)).toContain('不再返回该任务，但这不代表问题已解决');
  });

  it('by the default of Tencent Cloud says that in its title', () => {
    expect(sayTask({ taskStatus: 2 }, [left('processing', 'System_mandatory_auth')])).toContain(
      "started by Tencent Cloud's default",
    );
  });
});

describe('a reminder', () => {
  const rung = (hours: number): TaskEvent => ({ event: 'reminder', at: SAMPLE_AT, rungMs: hours * HOUR });
  const at = (hours: number, speaker = english): string =>
    sayTask({ authTime: SAMPLE_AT + hours * HOUR }, [rung(hours)], speaker);

  it('is worded for its rung in both languages', () => {
    expect(at(24)).toMatch(/^1 d left to authorize.*a good moment/s);
    expect(at(4)).toMatch(/^Only 4 h left.*please book/s);
    expect(at(1)).toMatch(/^Urgent, 1 h left.*last reminder/s);
    expect(at(24, chinese)).toMatch(/^授权还剩 1 天.*预约维修/s);
    expect(at(4, chinese)).toMatch(/^授权仅剩 4 小时.*请尽快/s);
    expect(at(1, chinese)).toMatch(/^【紧急】授权仅剩 1 小时.*最后一次提醒/s);
  });

  it('says that it is late, that the deadline has passed, or that none is known', () => {
    expect(sayTask({ authTime: SAMPLE_AT + HOUR, createTime: SAMPLE_AT - 47 * HOUR }, [rung(4)])).toMatch(
      /This reminder is late: it was due Fri 2026-01-02 08:04/,
    );
    expect(sayTask({ authTime: SAMPLE_AT - HOUR }, [rung(0)])).toMatch(/^Overdue.*passed 1 h ago/s);
    expect(sayTask({ authTime: null, taskTypeId: 103 }, [rung(24)])).toMatch(/no deadline is known/);
  });
});

it('tells several events of a task with the newest as the head', () => {
  const text = sayTask({ taskStatus: 2 }, [
    { event: 'pending', at: SAMPLE_AT - HOUR, again: false },
    { event: 'left', at: SAMPLE_AT, how: 'processing', status: 2, by: 'Customer_auth' },
  ]);
  expect(text).toMatch(
    /^Repair started.*What happened\n• Fri 2026-01-02 11:04 GMT\+8: The repair has started.*\n• Waits for your/s,
  );
});

describe('a roll-up', () => {
  const entry = (n: number, fields: Partial<RepairTask> = {}): TaskEntry => ({
    account: 'prod',
    task: sampleTask({ taskId: `rep-${n}`, instanceId: `ins-${n}`, ...fields }),
    events: [pending],
  });
  const rollUp = (fields: Partial<Extract<MessageFacts, { kind: 'roll-up' }>>): MessageFacts => ({
    kind: 'roll-up',
    madeAt: SAMPLE_AT,
    reason: 'many',
    dataLoss: false,
    totals: { tasks: 30, dataLoss: 1 },
    lines: [],
    groups: [],
    ...fields,
  });

  it('of a first run says that the tasks were pending before repairwatch looked', () => {
    expect(say(rollUp({ reason: 'first-run', lines: [entry(1)] }), english)).toContain(
      'already pending when repairwatch first looked',
    );
    expect(say(rollUp({ reason: 'first-run', lines: [entry(1)] }), chinese)).toContain(
      '首次读取该账号时，这些任务已处于待授权状态',
    );
  });

  it('after an outage tells what waits now and what has passed, each in its list, and since when', () => {
    const left = { event: 'left', at: SAMPLE_AT, how: 'processing', status: 2, by: null } as const;
    const passed = { ...entry(2, { taskStatus: 2 }), events: [pending, left] };
    const returned = {
      reason: 'returned',
      outage: { since: SAMPLE_AT - 5 * HOUR_MS, why: 'down' },
      totals: { tasks: 2, dataLoss: 0, passed: 1 },
      lines: [passed, entry(1)],
    } as const;
    const facts = rollUp(returned);
    const text = say(facts, english);
    expect(text).toMatch(/^After an interruption: 2 repair tasks, 1 of them pending\n/);
    expect(text).toContain('This channel has taken no messages since Fri 2026-01-02 06:04 GMT+8.');
    expect(text).toMatch(
      /1 repair task is pending now; 1 more is no longer pending\..*rep-1 .*No longer pending: 1 task\n.*rep-2 /s,
    );
    const absent = rollUp({
      ...returned,
      outage: { since: SAMPLE_AT, why: 'absent' },
      totals: { tasks: 2, dataLoss: 0, passed: 2 },
    });
    expect(say(absent, english)).toMatch(
      /^After an interruption: 2 repair tasks, none pending any more\n.*restored from a backup/s,
    );
    expect(say(facts, chinese)).toMatch(
      /^中断恢复汇总：2 个维修任务有新动态，1 个当前待授权\n.*本渠道一直无法接收消息/s,
    );
    expect(say(absent, chinese)).toMatch(/数据库是用当时的备份恢复的。以下为当前情况/);
  });

  it('tells data-loss tasks first, whatever the order of its lines', () => {
    const text = say(rollUp({ lines: [entry(1), entry(2), entry(3, { authType: 8 })] }), english);
    expect(text.indexOf('rep-3')).toBeLessThan(text.indexOf('rep-1 '));
    expect(text).toContain('30 repair tasks in all; 1 may lose data.');
  });

  it('names account, type, zone, count, earliest deadline and ids of a group, and where the rest is', () => {
    const text = say(
      rollUp({
        groups: [
          {
            account: 'prod',
            event: 'pending',
            taskTypeId: 107,
            taskTypeName: null,
            zone: 'ap-guangzhou-7',
            count: 5,
            earliest: { certainty: 'stated', at: SAMPLE_AT + HOUR },
            taskIds: ['rep-a', 'rep-b'],
          },
        ],
      }),
      english,
    );
    expect(text).toContain(
      'prod · Instance maintenance upgrade · ap-guangzhou-7: 5 pending, earliest deadline Fri 2026-01-02 12:04 GMT+8',
    );
    expect(text).toContain('rep-a rep-b');
    expect(text).toContain('and 3 more: "repairwatch list" shows them all');
  });

  it('says of a group what else of its tasks it tells', () => {
    const group: RollUpGroup = {
      account: 'prod',
      event: 'left',
      taskTypeId: 107,
      taskTypeName: null,
      zone: null,
      count: 5,
      taskIds: ['rep-a'],
      earliest: { certainty: 'none', at: null },
      also: [
        ['pending', 4],
        ['reminder', 1],
      ],
    };
    expect(say(rollUp({ groups: [group] }), english)).toContain('of these also 4 pending, 1 reminder');
    expect(say(rollUp({ groups: [group] }), chinese)).toContain('；其中另有：4 个待授权、1 个提醒');
  });

  it('says of a task of which it tells more than it shows how much more that is', () => {
    const moved = (hour: number) => ({ event: 'changed' as const, at: SAMPLE_AT - hour * HOUR, changes: [] });
    const lines = [{ ...entry(1), events: [moved(4), moved(3), moved(2), moved(1), moved(0)] }];
    expect(say(rollUp({ reason: 'many', lines }), english)).toContain('and 2 more');
    expect(
      say(rollUp({ reason: 'many', lines: [{ ...entry(1), events: [moved(1), moved(0)] }] }), english),
    ).not.toContain(' more');
  });
});

describe.each(speakers)('samples in %s', (_language, speaker) => {
  const samples = sampleMessages(SAMPLE_AT);

  it('are one of each kind, say that they are samples, and are the same each time', () => {
    expect(samples).toHaveLength(9);
    expect(sampleMessages(SAMPLE_AT)).toEqual(samples);
    for (const facts of samples) expect(say(facts, speaker)).toMatch(/^(Sample: |【样例】)/);
  });

  it('leave no value of a sentence open', () => {
    for (const facts of samples) expect(say(facts, speaker)).not.toMatch(/undefined|null|NaN|\[object|\?/);
  });
});

describe('a reminder', () => {
  const reminded = (more: object, speaker = english) =>
    sayTask({ authTime: SAMPLE_AT + HOUR }, [{ event: 'reminder', at: SAMPLE_AT, rungMs: HOUR, ...more }], speaker);

  it('calls itself the last only where none follows before the deadline', () => {
    for (const [speaker, words] of [
      [english, 'last reminder'],
      [chinese, '最后一次提醒'],
    ] as const) {
      expect(reminded({ last: true }, speaker)).toContain(words);
      expect(reminded({ last: false }, speaker)).not.toContain(words);
    }
  });

  it('says how old the reading is while the account cannot be read', () => {
    const readAt = SAMPLE_AT - 2 * HOUR;
    expect(reminded({ readAt })).toContain(
      'As of Fri 2026-01-02 09:04 GMT+8; the account has not been read completely since',
    );
    expect(reminded({ readAt }, chinese)).toContain('以上为 2026-01-02 周五 09:04 GMT+8 的情况');
    expect(reminded({ readAt: null })).toContain('never been read completely');
    expect(reminded({ readAt: null }, chinese)).toContain('从未完整读取');
    expect(reminded({})).not.toContain('As of');
  });
});

describe('a silence', () => {
  const ack = { account: 'prod', taskId: 'rep-1', revision: 2, by: 'ann', at: SAMPLE_AT - 3 * HOUR, until: null };
  const target = { kind: 'match', match: {} } as const;
  const mute = { id: 1, target, dataLoss: false, by: 'bob', reason: 'drill', at: SAMPLE_AT, until: SAMPLE_AT + HOUR };
  const shown = (speaker: Speaker) => {
    const pending = [{ account: 'prod', task: sampleTask(), events: [], silence: { ack, mute } }];
    const lists = { pending, fresh: [], changed: [], left: [], later: [], accounts: [], deadMessages: 0 };
    const times = { madeAt: SAMPLE_AT, scheduledAt: SAMPLE_AT, coversFrom: SAMPLE_AT };
    return say({ kind: 'digest', name: 'morning', late: false, ...times, ...lists }, speaker);
  };

  it('is shown in a digest with who, since when and until when', () => {
    expect(shown(english)).toContain('Acknowledged by ann 3 h ago (Fri 2026-01-02 08:04 GMT+8)');
    expect(shown(english)).toContain('Muted until Fri 2026-01-02 12:04 GMT+8 by bob: drill');
    expect(shown(chinese)).toContain('ann 已于 2026-01-02 周五 08:04 GMT+8 认领（3 小时前）');
    expect(shown(chinese)).toContain('静默至 2026-01-02 周五 12:04 GMT+8（bob）：drill');
  });

  it('that is over is the reason for telling once more', () => {
    const overBy = (over: 'mute' | 'ack'): TaskEvent => ({
      ...{ event: 'pending', at: SAMPLE_AT, again: false },
      after: { over, firstSeenAt: SAMPLE_AT - HOUR },
    });
    expect(sayTask({}, [overBy('mute')])).toMatch(/^Still pending: web-1.*Its mute is over and it still waits/s);
    expect(sayTask({}, [overBy('ack')])).toContain('Its acknowledgement is over');
    expect(sayTask({}, [overBy('mute')], chinese)).toMatch(/^维修任务仍待授权：web-1.*静默已结束/s);
    expect(sayTask({}, [overBy('ack')], chinese)).toContain('认领已结束');
  });

  it('can be begun by the line that a message about a waiting task carries, for the state that it shows', () => {
    const withRevision = (task: Partial<RepairTask>, speaker = english) => {
      const entry = { account: 'prod', task: sampleTask(task), events: [pending], revision: 7 };
      return say({ kind: 'task', madeAt: SAMPLE_AT, entry }, speaker);
    };
    expect(withRevision({})).toContain('repairwatch ack rep-0a1b2c3d --revision 7 --by NAME');
    expect(withRevision({}, chinese)).toContain('repairwatch ack rep-0a1b2c3d --revision 7 --by NAME');
    expect(withRevision({ taskId: 'rep-1; rm -rf ~' })).not.toContain('repairwatch ack');
    expect(sayTask({})).not.toContain('repairwatch ack');
  });
});

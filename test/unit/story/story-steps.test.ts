import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import type { MessageOfTask } from '../../../src/store/store.ts';
import { storySteps } from '../../../src/story/story-steps.ts';
import type { TaskStory } from '../../../src/story/task-story.ts';
import { chinese, english } from '../../support/speakers.ts';
import { T0, taskRow } from '../../support/store-world.ts';

const message: MessageOfTask = {
  id: 1,
  key: 'rw-0123456789',
  channel: 'ops-slack',
  kind: 'task',
  state: 'delivered',
  attempts: 1,
  madeAt: T0 + 1000,
  settledAt: T0 + 2000,
  nextAt: null,
  reason: null,
  receipt: 'ok',
  events: [{ event: 'pending', at: T0, rungMs: null }],
};

function storyOf(over: Partial<TaskStory> = {}): TaskStory {
  return {
    stored: { ...taskRow({ taskId: 'rep-1' }), seenPoll: 1 },
    changes: [{ taskId: 'rep-1', at: T0, from: null, to: 1, event: { event: 'pending', at: T0, again: false } }],
    messages: [],
    silence: { ack: null, mute: null },
    silences: { acks: [], mutes: [], withheld: [] },
    ...over,
  };
}

const said = (story: TaskStory, speaker = english) => storySteps(story, T0, speaker).map(({ says }) => says);

describe('the story of a task', () => {
  it('tells each change, old → new', () => {
    const changes = { field: 'authType', before: 2, after: 8 } as const;
    const story = storyOf({
      changes: [
        { taskId: 'rep-1', at: T0 + 2, from: 1, to: 2, event: null },
        { taskId: 'rep-1', at: T0 + 1, from: 1, to: 1, event: { event: 'changed', at: T0 + 1, changes: [changes] } },
        ...storyOf().changes,
      ],
    });
    expect(said(story)).toEqual([
      'First seen: Pending authorization',
      'Changed: Authorization allows: Shutdown → Migration that discards local disks.',
      'Pending authorization → Processing',
    ]);
  });

  it('tells a reminder once, and each message of it', () => {
    const reminder = { event: 'reminder', at: T0 + HOUR_MS, rungMs: 4 * HOUR_MS };
    const told = { ...message, madeAt: T0 + HOUR_MS, events: [reminder] };
    const story = storyOf({ messages: [told, { ...told, id: 2, channel: 'ops-mail', key: 'rw-b' }] });
    expect(said(story).slice(1)).toEqual([
      'Reminder: 4 h before the deadline',
      '"reminder" (4 h before the deadline) sent to ops-slack',
      '"reminder" (4 h before the deadline) sent to ops-mail',
    ]);
    expect(said(story, chinese).slice(1, 3)).toEqual([
      '提醒：距截止时间 4 小时',
      '“提醒”（距截止时间 4 小时）已发送到 ops-slack',
    ]);
  });

  it.each([
    ['delivered', false, '"pending" sent to ops-slack'],
    ['waiting', false, '"pending" waits to be sent to ops-slack'],
    ['sending', false, '"pending" is being sent to ops-slack'],
    ['unknown', true, '"pending" sent to ops-slack; it is not known whether it arrived, so it is sent again'],
    ['dead', true, '"pending" could not be delivered to ops-slack'],
  ] as const)('says what became of a message that is %s', (state, trouble, says) => {
    const [, step] = storySteps(storyOf({ messages: [{ ...message, state }] }), T0, english);
    expect(step).toMatchObject({ kind: 'message', trouble, says });
  });

  it('keeps a secret address out of what a channel answered', () => {
    const reason = 'POST https://hooks.slack.com/services/T0/B0/secret failed';
    const [, step] = storySteps(storyOf({ messages: [{ ...message, state: 'dead', reason }] }), T0, english);
    expect(step?.details.join()).toContain('hooks.slack.com/[secret] failed');
  });

  it('tells who acknowledged and muted, what ended that, and what was not sent', () => {
    const mute = { id: 7, dataLoss: false, by: 'Mia', reason: 'drill', at: T0 + 2, until: T0 + HOUR_MS };
    const match = { kind: 'match', match: { zone: ['ap-guangzhou-7'] } } as const;
    const elsewhere = { kind: 'match', match: { zone: ['ap-shanghai-5'] } } as const;
    const story = storyOf({
      silences: {
        acks: [
          { account: 'prod', taskId: 'rep-1', revision: 1, by: 'Ann', at: T0 + 1, until: null },
          { account: 'prod', taskId: 'rep-1', revision: 1, by: 'Ann', at: T0 + 4, until: T0 + 4 },
        ],
        mutes: [
          { ...mute, target: match, ended: { at: T0 + 5, by: null } },
          { ...mute, id: 8, target: elsewhere, ended: null },
        ],
        withheld: [{ at: T0 + 3, channel: 'ops-mail', event: 'changed', why: 'muted' }],
      },
    });
    expect(said(story).slice(1)).toEqual([
      'acknowledged by Ann at revision 1',
      'mute 7 (zone=ap-guangzhou-7) by Mia, until Tue 2026-11-24 13:00 GMT+8: drill',
      '"changed" not sent to ops-mail: muted',
      'acknowledgement withdrawn by Ann',
      'mute 7 (zone=ap-guangzhou-7) ended',
    ]);
  });
});

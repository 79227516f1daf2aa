import type { Message } from '../../src/model/message.ts';
import type { RepairTask } from '../../src/model/task.ts';

/** 2026-01-02 03:04:05 UTC. */
export const SAMPLE_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

export function sampleTask(fields: Partial<RepairTask> = {}): RepairTask {
  return {
    taskId: 'rep-0a1b2c3d',
    instanceId: 'ins-0a1b2c3d',
    alias: 'web-1',
    taskTypeId: 101,
    taskTypeName: null,
    taskSubType: null,
    taskStatus: 1,
    deviceStatus: null,
    operateStatus: null,
    createTime: SAMPLE_AT - 3_600_000,
    authTime: SAMPLE_AT + 86_400_000,
    endTime: null,
    taskDetail: null,
    authType: 1,
    authSource: 'Waiting_auth',
    product: 'CVM',
    zone: 'ap-guangzhou-7',
    region: 'ap-guangzhou',
    vpcId: null,
    vpcName: null,
    subnetId: null,
    subnetName: null,
    wanIp: null,
    lanIp: null,
    ...fields,
  };
}

/** A message about one new pending task. */
export function sampleMessage(task: Partial<RepairTask> = {}, message: Partial<Message> = {}): Message {
  const entry = {
    account: 'prod',
    task: sampleTask(task),
    events: [{ event: 'pending', at: SAMPLE_AT, again: false } as const],
  };
  return {
    key: 'rw-abcdefghij',
    facts: { kind: 'task', madeAt: SAMPLE_AT, entry },
    part: 1,
    parts: 1,
    plain: false,
    resume: null,
    ...message,
  };
}

/** Text that breaks what does not escape: markup, mentions, header and formula injection, terminal codes, direction marks, 4-byte characters. */
export const HOSTILE =
  'a<!channel>*b*`c`<script>alert(1)</script>\r\nBcc: evil@example.com\r\n.\r\n=cmd()\u001b[31m\u202e\u2028😀&amp;"\'';

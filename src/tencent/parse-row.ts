import { cutText } from '../lib/clean-text.ts';
import type { EpochMs } from '../lib/clock.ts';
import { isRecord } from '../lib/is-record.ts';
import type { RepairTask } from '../model/task.ts';
import { AUTH_SOURCES, AUTH_TYPES, PRODUCTS, TASK_STATUSES, TASK_TYPES } from '../model/vocabulary.ts';
import { parseApiTime } from './api-time.ts';
import { jsonText } from './json-text.ts';

/** What a row turned out to be: a task, or the reason why it cannot be one. */
export type ParsedRow =
  | { readonly ok: true; readonly task: RepairTask }
  | { readonly ok: false; readonly problem: string };

/** Told of each value that the vendor's page does not list, e.g. `AuthType 9`. */
export type NoteUnknown = (value: string) => void;

/** DeviceStatus and OperateStatus are numbered alike; nothing of ours has names for them. */
const STEP_STATUSES = { 1: true, 2: true, 3: true, 4: true, 5: true, 6: true };
const INTEGER = /^\s*-?\d{1,15}\s*$/;
const SHOWN_LENGTH = 60;

/**
 * One element of RepairTaskInfoSet. Hand-written, since each field is coerced, made null or
 * noted rather than refused: zod would need a transform on each; 100 rows take 0.08 ms, zod's bare shape alone takes as much.
 * Only TaskId, TaskStatus and CreateTime can make a row unreadable: a pending task must not be lost because of a field that only decorates it,
 * so any other field of a wrong type is null.
 */
export function parseRow(row: unknown, utcOffsetMs: number, note: NoteUnknown): ParsedRow {
  if (!isRecord(row)) return bad('the row is not an object');
  const taskId = text(row['TaskId']);
  if (taskId === null) return bad(`TaskId is ${shown(row['TaskId'])}; it must be a text`);
  const taskStatus = integer(row['TaskStatus']);
  if (taskStatus === null) return bad(`TaskStatus is ${shown(row['TaskStatus'])}; it must be a whole number`);
  const createTime = parseApiTime(row['CreateTime'], utcOffsetMs);
  if (createTime == null) return bad(`CreateTime is ${shown(row['CreateTime'])}; it must be like 2023-03-08 12:00:00`);
  noteUnlisted('TaskStatus', taskStatus, TASK_STATUSES, note);
  return { ok: true, task: taskOf(row, { taskId, taskStatus, createTime }, utcOffsetMs, note) };
}

type Row = Readonly<Record<string, unknown>>;

/** In one literal: spreading a second object into it costs as much as reading all its fields. */
function taskOf(
  row: Row,
  { taskId, taskStatus, createTime }: Pick<RepairTask, 'taskId' | 'taskStatus' | 'createTime'>,
  utcOffsetMs: number,
  note: NoteUnknown,
): RepairTask {
  return {
    taskId,
    taskStatus,
    createTime,
    instanceId: text(row['InstanceId']),
    alias: text(row['Alias']),
    taskTypeId: listedNumber('TaskTypeId', row['TaskTypeId'], TASK_TYPES, note),
    taskTypeName: text(row['TaskTypeName']),
    taskSubType: text(row['TaskSubType']),
    deviceStatus: listedNumber('DeviceStatus', row['DeviceStatus'], STEP_STATUSES, note),
    operateStatus: listedNumber('OperateStatus', row['OperateStatus'], STEP_STATUSES, note),
    authTime: time('AuthTime', row['AuthTime'], utcOffsetMs, note),
    endTime: time('EndTime', row['EndTime'], utcOffsetMs, note),
    taskDetail: text(row['TaskDetail']),
    authType: listedNumber('AuthType', row['AuthType'], AUTH_TYPES, note),
    authSource: listedText('AuthSource', row['AuthSource'], AUTH_SOURCES, note),
    product: listedText('Product', row['Product'], PRODUCTS, note),
    zone: text(row['Zone']),
    region: text(row['Region']),
    vpcId: text(row['VpcId']),
    vpcName: text(row['VpcName']),
    subnetId: text(row['SubnetId']),
    subnetName: text(row['SubnetName']),
    wanIp: text(row['WanIp']),
    lanIp: text(row['LanIp']),
  };
}

/**
 * The API writes a missing text as null or as "". Half a character and NUL are replaced: no store would give the one back as it was, so it would look
 * changed, and PostgreSQL refuses the other, and with it every row of the page.
 */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.toWellFormed().replaceAll('\0', '\ufffd') : null;
}

/** A whole number, also as text: official samples show `"TaskTypeId": "107"`. */
export function integer(value: unknown): number | null {
  if (Number.isSafeInteger(value)) return Number(value);
  return typeof value === 'string' && INTEGER.test(value) ? Number(value) : null;
}

function listedNumber(field: string, value: unknown, list: object, note: NoteUnknown): number | null {
  const number = integer(value);
  if (number !== null) noteUnlisted(field, number, list, note);
  else if (value != null && value !== '') note(`${field} ${shown(value)}`);
  return number;
}

function listedText(field: string, value: unknown, list: object, note: NoteUnknown): string | null {
  const name = text(value);
  if (name !== null) noteUnlisted(field, name, list, note);
  return name;
}

function noteUnlisted(field: string, value: string | number, list: object, note: NoteUnknown): void {
  if (!Object.hasOwn(list, value)) note(`${field} ${cutText(String(value), SHOWN_LENGTH)}`);
}

/** A nullable time; one that cannot be read is noted once for all rows, since its value differs in each. */
function time(field: string, value: unknown, utcOffsetMs: number, note: NoteUnknown): EpochMs | null {
  if (value == null || value === '') return null;
  const at = parseApiTime(value, utcOffsetMs);
  if (at === undefined) note(`${field} in an unknown form`);
  return at ?? null;
}

function bad(problem: string): ParsedRow {
  return { ok: false, problem };
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : cutText(jsonText(value), SHOWN_LENGTH);
}

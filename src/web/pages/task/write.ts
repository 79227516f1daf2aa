import { isDeepStrictEqual } from 'node:util';
import { type EpochMs, MINUTE_MS } from '../../../lib/clock.ts';
import { covers, type Mute } from '../../../model/silence.ts';
import { muteOfTask } from '../../../model/silence-terms.ts';
import type { StoredTask } from '../../../store/store.ts';
import type { WebDeps } from '../../web-deps.ts';
import type { Done, Refusal } from './outcome.ts';
import { type Fields, readAck, readMute, readOptionalName } from './silence-form.ts';

/** What came of a form. */
export type Written = { readonly done: Done } | { readonly refusal: Refusal };

type Deps = Pick<WebDeps, 'store' | 'clock' | 'log'>;

/** A person takes the task on as the page showed it, or takes that back; refused where it has moved since. */
export async function acknowledge({ account, task }: StoredTask, fields: Fields, deps: Deps): Promise<Written> {
  const now = deps.clock.now();
  const asked = readAck(fields, now);
  if ('wrong' in asked) return { refusal: { kind: 'wrong', wrong: asked.wrong } };
  const { taskId } = task;
  const outcome = await deps.store.acknowledge({ account, taskId, ...asked }, now);
  if (outcome.kind === 'unknown' || outcome.kind === 'not-pending') return { refusal: { kind: 'not-pending' } };
  if (outcome.kind === 'moved')
    return { refusal: { kind: 'moved', seen: asked.revision, revision: outcome.stored.revision } };
  deps.log.info('page-acknowledged', { account, task: taskId, by: asked.by, withdrawn: asked.until === now });
  return { done: asked.until === now ? 'withdrawn' : 'acknowledged' };
}

/** Keeps what is said of the task to digests until the end that was chosen. */
export async function mute({ account, task, ending }: StoredTask, fields: Fields, deps: Deps): Promise<Written> {
  const now = deps.clock.now();
  if (ending !== null) return { refusal: { kind: 'over' } };
  const asked = readMute(fields, now);
  if ('wrong' in asked) return { refusal: { kind: 'wrong', wrong: asked.wrong } };
  const { by, until, reason, evenDataLoss } = asked;
  const meant = { by, reason, ...muteOfTask(account, task, evenDataLoss) };
  const { mutes } = await deps.store.silences(now);
  if (mutes.some((mute) => isSameAgain(mute, meant, until))) return { done: 'muted' };
  const muted = await deps.store.mute({ ...meant, until }, now);
  deps.log.info('page-muted', { account, task: task.taskId, by, mute: muted.id });
  return { done: 'muted' };
}

/** A form that was sent twice: all as before but for the seconds in between. */
function isSameAgain(
  mute: Mute,
  { target, dataLoss, by, reason }: Omit<Mute, 'id' | 'at' | 'until'>,
  until: EpochMs,
): boolean {
  return (
    mute.by === by &&
    mute.reason === reason &&
    mute.dataLoss === dataLoss &&
    isDeepStrictEqual(mute.target, target) &&
    Math.abs(mute.until - until) < MINUTE_MS
  );
}

/** Ends one mute that covers the task. */
export async function unmute({ account, task }: StoredTask, fields: Fields, deps: Deps): Promise<Written> {
  const now = deps.clock.now();
  const by = readOptionalName(fields);
  if ('wrong' in by) return { refusal: { kind: 'wrong', wrong: by.wrong } };
  const { mutes } = await deps.store.silences(now);
  const meant = mutes.filter((each) => String(each.id) === fields['mute'] && covers(each, account, task));
  const ids = meant.map(({ id }) => id);
  const ended = ids.length === 0 ? [] : await deps.store.unmute(ids, by.name, now);
  if (ended.length === 0) return { refusal: { kind: 'no-mute' } };
  deps.log.info('page-unmuted', { account, task: task.taskId, by: by.name, mutes: ids });
  return { done: 'unmuted' };
}

import { isoTime } from '../lib/iso-time.ts';
import type { Ack, Mute, Silence } from '../model/silence.ts';

/** What keeps a task silent, as `list` and `explain` print it. Names may be added, never changed. */
export function silenceJson({ ack, mute }: Silence) {
  return { ack: ack === null ? null : ackJson(ack), mute: mute === null ? null : muteJson(mute) };
}

export function ackJson({ revision, by, at, until }: Ack) {
  return { revision, by, at: isoTime(at), until: isoTime(until) };
}

export function muteJson({ id, target, dataLoss, by, reason, at, until }: Mute) {
  return { id, ...target, dataLoss, by, reason, at: isoTime(at), until: isoTime(until) };
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DAY_MS, type EpochMs } from '../lib/clock.ts';
import type { Secret } from '../lib/secret.ts';

const SESSION_MS = 30 * DAY_MS;

/**
 * What lets a reader in: the token itself for machines, a session that is made from it for people, a key that opens the calendar only.
 * Nothing is kept: a session holds for 30 days or until the token is another one. Every comparison takes the same time whatever was sent.
 */
export interface Access {
  isToken(text: string): boolean;
  /** A new session, for a cookie; it says when it ends and is worth nothing without its signature. */
  openSession(now: EpochMs): { readonly session: string; readonly maxAgeS: number };
  isSession(session: string, now: EpochMs): boolean;
  /** What a form of this session must send back, which another site cannot know. */
  formKey(session: string): string;
  isFormKey(key: string, session: string): boolean;
  /** Opens /feed.ics and nothing else, for calendars that only know an address. */
  readonly feedKey: string;
  isFeedKey(key: string): boolean;
}

export function createAccess(token: Secret): Access {
  const sign = (purpose: string, text = ''): string =>
    createHmac('sha256', token.reveal()).update(`${purpose}\n${text}`).digest('base64url');
  const feedKey = sign('feed');
  return {
    isToken: (text) => isSame(text, token.reveal()),
    openSession(now) {
      const until = String(now + SESSION_MS);
      return { session: `${until}.${sign('session', until)}`, maxAgeS: SESSION_MS / 1000 };
    },
    isSession(session, now) {
      const [until = '', signature = ''] = session.split('.', 2);
      return isSame(signature, sign('session', until)) && Number(until) > now;
    },
    formKey: (session) => sign('form', session),
    isFormKey: (key, session) => isSame(key, sign('form', session)),
    feedKey,
    isFeedKey: (key) => isSame(key, feedKey),
  };
}

/** By digests of one length, so that neither the content nor the length of the right text shows in the time. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

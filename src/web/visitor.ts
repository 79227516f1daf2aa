import type { EpochMs } from '../lib/clock.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Access } from './access.ts';
import { cookieOf } from './cookies.ts';

export const SESSION_COOKIE = 'rw_session';
export const LANGUAGE_COOKIE = 'rw_language';

/** Who asks, as far as the page cares. */
export interface Visitor {
  readonly language: Language;
  /** May read: the token, a session, or a page without a token. */
  readonly mayRead: boolean;
  /** A bearer was shown that is not the token. */
  readonly wrongBearer: boolean;
  /** The session that came with the request, where it holds; only with one may a form write. */
  readonly session: string | null;
}

/** What the visitor's headers say of it. */
export interface Asked {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  readonly acceptLanguage: string | undefined;
}

/** Reads a request's headers: the language that was chosen, else the browser's, else the configuration's; and whether it may read. */
export function visitorOf(asked: Asked, access: Access | null, language: Language, now: EpochMs): Visitor {
  const session = cookieOf(asked.cookie, SESSION_COOKIE);
  const chosen = cookieOf(asked.cookie, LANGUAGE_COOKIE);
  const spoken = isLanguage(chosen) ? chosen : (preferredLanguage(asked.acceptLanguage ?? '') ?? language);
  if (access === null) return { language: spoken, mayRead: true, wrongBearer: false, session: null };
  const held = session !== null && access.isSession(session, now) ? session : null;
  const bearer = /^Bearer +(\S+)$/i.exec(asked.authorization ?? '')?.[1];
  const isToken = bearer !== undefined && access.isToken(bearer);
  const wrongBearer = bearer !== undefined && !isToken;
  return { language: spoken, mayRead: held !== null || isToken, wrongBearer, session: held };
}

export function isLanguage(text: string | null | undefined): text is Language {
  return text === 'en' || text === 'zh-CN';
}

/** Of an Accept-Language header the language that we speak and the reader prefers; null where it names none. */
export function preferredLanguage(header: string): Language | null {
  const wanted = header.split(',').map((part) => {
    const [tag = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.map((text) => /^q=([\d.]+)$/.exec(text)?.[1]).find((text) => text !== undefined);
    return { tag, quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = wanted.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  for (const { tag } of best) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return null;
}

import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/lib/secret.ts';
import { createAccess } from '../../../src/web/access.ts';
import { preferredLanguage, visitorOf } from '../../../src/web/visitor.ts';

const NOW = Date.UTC(2026, 10, 24);
const access = createAccess(new Secret('open sesame'));
const nothing = { cookie: undefined, authorization: undefined, acceptLanguage: undefined };

describe('a visitor', () => {
  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en-GB,en;q=0.9', 'en'],
    ['fr-FR,fr;q=0.9,en;q=0.5,zh;q=0.4', 'en'],
    ['en;q=0.2, zh-TW;q=0.7', 'zh-CN'],
    ['en;q=0, zh', 'zh-CN'],
    ['de', null],
    ['', null],
    ['*', null],
    ['english, zhongwen', null],
  ])('who accepts "%s" reads %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it('reads the language that was chosen, else the browser’s, else the configuration’s', () => {
    const language = (asked: Partial<typeof nothing> | object) =>
      visitorOf({ ...nothing, ...asked }, null, 'en', NOW).language;
    expect(language({})).toBe('en');
    expect(language({ acceptLanguage: 'zh' })).toBe('zh-CN');
    expect(language({ acceptLanguage: 'zh', cookie: 'a=b; rw_language=en' })).toBe('en');
    expect(language({ acceptLanguage: 'zh', cookie: 'rw_language=xx' })).toBe('zh-CN');
  });

  it('reads a page without a token, and writes nothing there', () => {
    expect(visitorOf(nothing, null, 'en', NOW)).toMatchObject({ mayRead: true, session: null });
  });

  it('reads with the token or a session, and writes only with a session', () => {
    const { session } = access.openSession(NOW);
    const asked = (headers: object) => visitorOf({ ...nothing, ...headers }, access, 'en', NOW);
    expect(asked({})).toMatchObject({ mayRead: false, session: null });
    expect(asked({ authorization: 'Bearer open sesame' })).toMatchObject({ mayRead: false });
    expect(asked({ authorization: 'Bearer wrong' })).toMatchObject({ mayRead: false });
    expect(asked({ cookie: `rw_session=${session}` })).toMatchObject({ mayRead: true, session });
    expect(asked({ cookie: 'rw_session=1.2' })).toMatchObject({ mayRead: false, session: null });
    const simple = createAccess(new Secret('t0ken'));
    expect(visitorOf({ ...nothing, authorization: 'bearer t0ken' }, simple, 'en', NOW)).toMatchObject({
      mayRead: true,
      session: null,
    });
  });
});

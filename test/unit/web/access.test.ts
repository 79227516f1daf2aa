import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createAccess } from '../../../src/web/access.ts';

const NOW = Date.UTC(2026, 10, 24);
const access = createAccess(new Secret('correct horse battery staple'));

describe('access to the page', () => {
  it('knows the token and nothing else', () => {
    expect(access.isToken('correct horse battery staple')).toBe(true);
    for (const wrong of ['', 'correct horse battery stapl', 'correct horse battery staple ', access.feedKey])
      expect(access.isToken(wrong)).toBe(false);
  });

  it('opens sessions that hold for 30 days', () => {
    const { session, maxAgeS } = access.openSession(NOW);
    expect(maxAgeS).toBe((30 * DAY_MS) / 1000);
    expect(access.isSession(session, NOW)).toBe(true);
    expect(access.isSession(session, NOW + 30 * DAY_MS - 1)).toBe(true);
    expect(access.isSession(session, NOW + 30 * DAY_MS)).toBe(false);
  });

  it('takes no session that is forged, lengthened or of another token', () => {
    const { session } = access.openSession(NOW);
    const [until = '', signature = ''] = session.split('.');
    const other = createAccess(new Secret('another')).openSession(NOW).session;
    const forged = [`${Number(until) + 1}.${signature}`, until, `${until}.`, '', '.', other, `${session}x`];
    expect(forged.filter((text) => access.isSession(text, NOW))).toEqual([]);
  });

  it('ties a form to its session', () => {
    const [one, two] = [access.openSession(NOW).session, access.openSession(NOW + 1).session];
    expect(access.isFormKey(access.formKey(one), one)).toBe(true);
    expect(access.isFormKey(access.formKey(one), two)).toBe(false);
    expect(access.isFormKey('', one)).toBe(false);
  });

  it('has a key for the feed that is no token', () => {
    expect(access.isFeedKey(access.feedKey)).toBe(true);
    expect(access.isFeedKey('correct horse battery staple')).toBe(false);
    expect(createAccess(new Secret('another')).isFeedKey(access.feedKey)).toBe(false);
  });
});

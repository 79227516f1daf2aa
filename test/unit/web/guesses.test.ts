import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import { clientOf } from '../../../src/web/client.ts';
import { createGuesses } from '../../../src/web/guesses.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function guessing() {
  const clock = createFakeClock(Date.UTC(2026, 10, 24));
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
  const guesses = createGuesses({ clock, log });
  const { signal } = new AbortController();
  const wrong = (address: string) => guesses.wrong({ address, way: 'form', signal });
  return { clock, lines, wrong };
}

const inNetwork = (at: number): string => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;

describe('wrong tokens', () => {
  it('are answered at once twenty times a minute, then after a second', async () => {
    const { clock, wrong } = guessing();
    for (let tried = 0; tried < 20; tried += 1) expect(await wrong('192.0.2.1')).toBe(false);
    const late = wrong('192.0.2.1');
    await clock.whenSleeping();
    expect(clock.untilNext()).toBe(SECOND_MS);
    expect(await wrong('192.0.2.2')).toBe(false);
    await clock.advance(MINUTE_MS);
    expect(await late).toBe(true);
    expect(await wrong('192.0.2.1')).toBe(false);
  });

  it('of many addresses together are slowed, too', async () => {
    const { clock, wrong } = guessing();
    for (let tried = 0; tried < 1000; tried += 1) expect(await wrong(inNetwork(tried))).toBe(false);
    const late = wrong(inNetwork(1000));
    await clock.whenSleeping();
    await clock.advance(MINUTE_MS);
    expect(await late).toBe(true);
    expect(await wrong(inNetwork(1001))).toBe(false);
  });

  it('hold back at most 200 answers, so that a flood costs little', async () => {
    const { clock, wrong } = guessing();
    for (let tried = 0; tried < 20; tried += 1) await wrong('192.0.2.1');
    const late = Array.from({ length: 200 }, () => wrong('192.0.2.1'));
    await clock.whenSleeping(200);
    expect(await wrong('192.0.2.1')).toBe(true);
    await clock.advance(SECOND_MS);
    expect(new Set(await Promise.all(late))).toEqual(new Set([true]));
  });

  it('leave lines with the client, and one line more where there are many', async () => {
    const { clock, lines, wrong } = guessing();
    const all = Array.from({ length: 60 }, () => wrong('2001:db8::1'));
    await clock.whenSleeping(40);
    await clock.advance(SECOND_MS);
    await Promise.all(all);
    const events = lines.map((line) => {
      const { event, client, way } = JSON.parse(line) as Readonly<Record<string, unknown>>; // our own line
      return [event, client, way];
    });
    expect(events).toEqual([
      ...Array.from({ length: 20 }, () => ['login-refused', '2001:db8:0:0::/64', 'form']),
      ['logins-slowed', '2001:db8:0:0::/64', 'form'],
    ]);
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2:ffff::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['1::2:3:4:5:192.0.2.1', '1:0:2:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('%s belongs to %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

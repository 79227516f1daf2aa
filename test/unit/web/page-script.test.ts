import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import type { Speaker } from '../../../src/messages/speak.ts';
import { durationForms } from '../../../src/web/duration-forms.ts';
import { speakers } from '../../support/speakers.ts';
import { T0 } from '../../support/store-world.ts';

const SCRIPT = readFileSync(new URL('../../../src/web/assets/page.js', import.meta.url), 'utf8');

interface CountedTime {
  readonly dateTime: string;
  readonly dataset: { readonly count: 'left' | 'relative' };
  textContent: string;
}

/** Runs the page's script over times alone, at T0, and returns what it made of them. */
function counted(speaker: Speaker, at: number, count: 'left' | 'relative'): string {
  const time: CountedTime = { dateTime: new Date(at).toISOString(), dataset: { count }, textContent: '' };
  const root = { classList: { add: () => undefined }, dataset: { durations: durationForms(speaker) } };
  const document = {
    documentElement: root,
    querySelector: () => null,
    querySelectorAll: (selector: string) => (selector === 'time[data-count]' ? [time] : []),
    addEventListener: () => undefined,
  };
  const frozen = class extends Date {
    static override now(): number {
      return T0;
    }
  };
  const location = new URL('https://repairs.example/');
  const given = { document, location, URL, Date: frozen, setInterval: () => 0, window: {}, localStorage: {} };
  const context = createContext(given);
  runInContext(SCRIPT, context);
  return time.textContent;
}

const SPANS = [
  30 * SECOND_MS,
  MINUTE_MS,
  59 * MINUTE_MS,
  HOUR_MS,
  11 * HOUR_MS + 22 * MINUTE_MS,
  DAY_MS,
  2 * DAY_MS + 22 * HOUR_MS,
  22 * DAY_MS + 11 * HOUR_MS,
];

describe.each(speakers)('the script of the page (%s)', (_, speaker) => {
  it.each(SPANS)('counts %i ms in the words in which the server said them', (span) => {
    expect(counted(speaker, T0 + span, 'left')).toBe(speaker.duration(span));
    expect(counted(speaker, T0 + span, 'relative')).toBe(speaker.relative(T0 + span, T0));
    for (const kind of ['left', 'relative'] as const)
      expect(counted(speaker, T0 - span, kind)).toBe(speaker.relative(T0 - span, T0));
  });
});

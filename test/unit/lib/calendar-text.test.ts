import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarLine, calendarText, calendarTime } from '../../../src/lib/calendar-text.ts';

const octets = (text: string): number => Buffer.byteLength(text);

describe('a line of a calendar', () => {
  it('has at most 75 octets, cuts no character, and is whole again once unfolded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const value = calendarText(text);
        const line = calendarLine('SUMMARY', value);
        const pieces = line.slice(0, -2).split('\r\n');
        expect(pieces.every((piece) => octets(piece) <= 75 && piece.isWellFormed())).toBe(true);
        expect(line.endsWith('\r\n')).toBe(true);
        expect(line.replaceAll('\r\n ', '')).toBe(`SUMMARY:${value}\r\n`);
      }),
    );
  });

  it('folds where the 76th octet would be', () => {
    const exact = 'x'.repeat(75 - 'A:'.length);
    expect(calendarLine('A', exact)).toBe(`A:${exact}\r\n`);
    expect(calendarLine('A', `${exact}y`)).toBe(`A:${exact}\r\n y\r\n`);
    expect(calendarLine('A', `${exact.slice(1)}维`)).toBe(`A:${exact.slice(1)}\r\n 维\r\n`);
  });

  it('cannot be ended by its text', () => {
    const hostile = 'a;b,c\\d\r\nEND:VEVENT\u2028x\u0000\u007fy';
    expect(calendarText(hostile)).toBe('a\\;b\\,c\\\\d\\nEND:VEVENT\\nxy');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(calendarText(text)).not.toMatch(/[\r\n\p{Cc}]|(?<!\\)(?:\\\\)*[;,]/u);
      }),
    );
  });

  it('says a moment in UTC', () => {
    expect(calendarTime(Date.UTC(2026, 10, 24, 4, 5, 6, 789))).toBe('20261124T040506Z');
  });
});

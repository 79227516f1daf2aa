import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cutText } from '../../../src/lib/clean-text.ts';
import { csv } from '../../../src/lib/csv.ts';
import { html } from '../../../src/lib/html.ts';
import { cutToWidth, displayWidth, padToWidth, wrapToWidth } from '../../../src/lib/text-width.ts';
import { hostileText } from '../../support/arbitrary-message.ts';

describe('cleanLine', () => {
  it('leaves one line without control characters, escape sequences, bidi controls or lone surrogates', () => {
    expect(cleanLine('a\u001b[31mred\u001b[0m\r\nb\u001b]0;title\u0007c \u202eevil\u2066 \ud800 \u009b2Jx')).toBe(
      'ared bc evil \ufffd x',
    );
    expect(cleanLine('👨‍👩‍👧 שלום')).toBe('👨‍👩‍👧 שלום');
    expect(cleanLine('\u3000云\u3000 \u00a0服')).toBe('云 服');
  });

  it('leaves nothing that nobody sees, but what emoji and scripts need', () => {
    expect(cleanLine('pay\u200bpal\u3164\u034f\u{e0041} x\u200d')).toBe('paypal x');
    expect(cleanLine('a\u200db \u200c1')).toBe('ab 1');
    const needed = ['👩‍🚒', '👨🏽‍💻', '❤️', 'می\u200cخواهم', 'क्\u200dष', '葛\u{e0100}'];
    expect(needed.map(cleanLine)).toEqual(needed);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const once = cleanLine(text);
        expect(cleanLine(once)).toBe(once);
        expect(once).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]|^ | $| {2}/u);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('cutting', () => {
  it('never splits a character, and says that something was cut', () => {
    expect(cutText('👨‍👩‍👧‍👦👨‍👩‍👧‍👦abc', 13)).toBe('👨‍👩‍👧‍👦…');
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('ab…');
    expect(cutToWidth('实例维护升级', 7)).toBe('实例维…');
  });

  it('keeps to its measure', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 90 }), (text, max) => {
        expect(cutText(text, max).length).toBeLessThanOrEqual(max);
        expect(cutText(text.toWellFormed(), max).isWellFormed()).toBe(true);
        expect(displayWidth(cutToWidth(cleanLine(text), max))).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('display width', () => {
  it('counts two columns for Chinese and emoji, none for marks', () => {
    expect(['abc', '维修', '（）', '👨‍👩‍👧', 'e\u0301', '…'].map(displayWidth)).toEqual([3, 4, 4, 2, 1, 1]);
    expect(padToWidth('维修', 6)).toBe('维修  ');
  });

  it('wraps between Chinese characters and words, and leaves no closing punctuation at the start of a line', () => {
    expect(wrapToWidth('监控到您，的云服务', 8)).toEqual(['监控到', '您，的云', '服务']);
    expect(wrapToWidth('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapToWidth('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapToWidth('', 4)).toEqual(['']);
  });
});

describe('html', () => {
  it('escapes every value but markup, in text and in attributes', () => {
    const inner = html`<b>${'<script>'}</b>`;
    expect(html`<a title="${'"\'&'}">${inner}${null}${[1, '<']}</a>`.markup).toBe(
      '<a title="&quot;&#39;&amp;"><b>&lt;script&gt;</b>1&lt;</a>',
    );
  });
});

describe('csv', () => {
  it('begins with a byte order mark, quotes what needs it, and disarms formulas', () => {
    expect(
      csv([
        ['a,b', '"', '=1+1', null],
        ['+', '-', '@', '\tx'],
        [1, 'ok', '\r', 'x=1'],
      ]),
    ).toBe('\uFEFF"a,b","""",\'=1+1,\r\n\'+,\'-,\'@,\'\tx\r\n1,ok,"\'\r",x=1\r\n');
    expect(csv([['\uff1d1', 'a; =1', 'a\t@b', 'a;b']])).toBe("\uFEFF'\uff1d1,a; '=1,a\t'@b,a;b\r\n");
  });
});

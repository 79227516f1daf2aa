import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/lib/text-width.ts';
import { renderTerminal } from '../../../src/messages/terminal.ts';
import { hostileMessage } from '../../support/arbitrary-message.ts';
import { sampleMessage } from '../../support/sample-message.ts';
import { chinese, english } from '../../support/speakers.ts';

const OUR_COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

it('lets no control character of a message reach the terminal, and keeps to the width', () => {
  fc.assert(
    fc.property(
      hostileMessage,
      fc.constantFrom(english, chinese),
      fc.integer({ min: 24, max: 120 }),
      (any, speaker, columns) => {
        const coloured = renderTerminal(any, speaker, { columns, colour: true });
        const text = renderTerminal(any, speaker, { columns, colour: false });
        expect(coloured.replace(OUR_COLOURS, '')).toBe(text);
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        for (const line of text.split('\n')) {
          if (!/^ {4}tccli |https:\/\//.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('aligns values under Chinese labels', () => {
  const lines = renderTerminal(sampleMessage({ lanIp: '10.0.0.7' }), chinese, { columns: 80, colour: false }).split(
    '\n',
  );
  const column = (value: string): number => {
    const line = lines.find((text) => text.endsWith(value)) ?? '';
    return displayWidth(line.slice(0, line.indexOf(value)));
  };
  expect(column('10.0.0.7')).toBe(10);
  expect(column('ap-guangzhou-7')).toBe(10);
});

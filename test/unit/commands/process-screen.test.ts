import { describe, expect, it } from 'vitest';
import { processScreen } from '../../../src/commands/process-screen.ts';

function screenOf(env: NodeJS.ProcessEnv, terminal: { columns: number } | null) {
  const written: string[] = [];
  const write = (text: string): boolean => {
    written.push(text);
    return true;
  };
  const stream = { isTTY: terminal !== null, columns: terminal?.columns, write };
  const screen = processScreen({ env, stdout: stream, stderr: stream });
  return { screen, written };
}

describe('the screen', () => {
  it.each([
    [{}, null, false],
    [{}, { columns: 80 }, true],
    [{ TERM: 'dumb' }, { columns: 80 }, false],
    [{ NO_COLOR: '1' }, { columns: 80 }, false],
    [{ NO_COLOR: '' }, { columns: 80 }, true],
    [{ FORCE_COLOR: '1' }, null, true],
    [{ FORCE_COLOR: '0' }, { columns: 80 }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, null, false],
  ] as const)('with %j on %j uses colour: %s', (env, terminal, colour) => {
    expect(screenOf(env, terminal).screen.colour).toBe(colour);
  });

  it.each([
    [{}, null, Number.POSITIVE_INFINITY],
    [{}, { columns: 120 }, 120],
    [{ COLUMNS: '90' }, { columns: 120 }, 90],
    [{ COLUMNS: 'wide' }, { columns: 120 }, 120],
    [{ COLUMNS: '3' }, null, 40],
    [{}, { columns: 0 }, Number.POSITIVE_INFINITY],
  ] as const)('with %j on %j is %d columns wide', (env, terminal, columns) => {
    expect(screenOf(env, terminal).screen.columns).toBe(columns);
  });

  it('complains on one clean line, without passwords', () => {
    const { screen, written } = screenOf({}, null);
    screen.complain('The \u001b[31mhost\u202e smtp://me:secret@example.com\n  is away.');
    expect(written).toEqual(['The \\u001b[31mhost\\u202e smtp://[secret]@example.com is away.\n']);
  });
});

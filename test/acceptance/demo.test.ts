import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_KINDS } from '../../src/demo/kinds.ts';
import { runProgram, startProgram } from '../support/program.ts';

/** A line of the first message's box, at the greatest width. */
const FIRST_MESSAGE = `│ ${'3 repair tasks were already pending'.padEnd(96)} │`;

let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'repairwatch-test-'));
});

afterEach(() => rmSync(temporary, { recursive: true, force: true }));

describe('demo', { timeout: 100_000 }, () => {
  it('shows each kind of message and the polls, saves the digest, and ends by itself', async () => {
    const end = await runProgram(['demo'], { env: { TMPDIR: temporary, COLUMNS: '80' } });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toContain(`: ${DEMO_KINDS.join(', ')}.`);
    for (const title of ['Repair pending: ', 'Pending repair changed: ', 'Repair booked: ', 'Data loss possible. '])
      expect(end.stdout).toContain(title);
    expect(end.stdout).toMatch(/poll complete, 4 open tasks/);
    const path = /open (\S+digest\.html)/.exec(end.stdout)?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toMatch(/<html[\s\S]*rep-d3m0d1sk[\s\S]*rep-d3m0r1sk/);
    const [folder = '', ...others] = readdirSync(temporary);
    expect(others).toEqual([]);
    expect(readdirSync(join(temporary, folder))).toEqual(['digest.html']);
  });

  it('ends at once and leaves nothing behind when Ctrl-C comes after the first message', async () => {
    const demo = startProgram(['demo'], { env: { TMPDIR: temporary } });
    const [shown, end] = [demo.waitForLog(FIRST_MESSAGE), demo.exited];
    await shown;
    demo.kill('SIGINT');
    expect(await end).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect((await end).stdout).toContain('smallest configuration');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import { DEMO_SCENARIO, DEMO_SECONDS } from '../../src/sandbox/demo-scenario.ts';
import { readScenario } from '../../src/sandbox/read-scenario.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { playScenario, shiftOf } from '../../src/sandbox/scenario.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { World } from '../../src/sandbox/world.ts';
import { signedCall } from '../support/signed-call.ts';

const BEGIN = Date.UTC(2026, 0, 5, 4, 0, 0); // 12:00 in Beijing

/** A clock whose sleeps are over at once. */
function quickClock(): Clock {
  let passed = 0;
  return {
    now: () => BEGIN + passed,
    monotonic: () => passed,
    sleep: async (ms) => {
      passed += ms;
    },
  };
}

async function played(scenario: Parameters<typeof playScenario>[1]): Promise<World> {
  const clock = quickClock();
  const now = (): number => clock.now();
  const world = new World({ now, serverNow: now, utcOffsetMs: () => 8 * 3_600_000 });
  await playScenario(world, scenario, clock);
  return world;
}

test('the built-in scenario is a readable one and ends in time', () => {
  expect(readScenario(JSON.stringify(DEMO_SCENARIO))).toEqual({ ok: true, scenario: DEMO_SCENARIO });
  expect(DEMO_SCENARIO.every(({ at }) => at >= 0 && at < DEMO_SECONDS)).toBe(true);
});

test('the built-in scenario lives through every kind of event', async () => {
  const { history } = await played(DEMO_SCENARIO);
  const told = history.map(({ at, before, after }) => {
    const statuses = `${before?.TaskStatus ?? '–'}→${after?.TaskStatus ?? '–'}`;
    return `${(at - BEGIN) / SECOND_MS} s ${after?.TaskTypeId} ${statuses} ${after?.CreateTime} ${after?.AuthTime}`;
  });
  expect(told).toEqual([
    '0 s 107 –→1 2026-01-04 16:00:00 2026-01-06 16:00:00',
    '0 s 106 –→1 2025-06-19 12:00:00 null',
    '0 s 105 –→1 2026-01-05 09:00:00 2026-01-07 09:00:00',
    '8 s 101 –→1 2026-01-05 12:00:08 2026-01-07 12:00:08',
    '14 s 103 –→1 2026-01-05 12:00:14 2026-01-06 14:00:14',
    '20 s 101 1→1 2026-01-05 12:00:08 2026-01-05 17:30:20',
    '28 s 107 1→4 2026-01-04 16:00:00 2026-01-05 12:30:28',
    '36 s 107 4→2 2026-01-04 16:00:00 2026-01-05 12:00:36',
    '44 s 107 2→3 2026-01-04 16:00:00 2026-01-05 12:00:36',
  ]);
  expect(history.map(({ after }) => after?.Alias)).toContain('<!channel> *web*');
});

test('steps are played in the order of their time, removals and returns too', async () => {
  const world = await played([
    { at: 3, do: 'restore', taskId: 'rep-a' },
    { at: 2, do: 'remove', taskId: 'rep-a' },
    { at: -5, do: 'add', taskId: 'rep-a' },
  ]);
  expect(world.history.map(({ at, after }) => [at - BEGIN, after !== null])).toEqual([
    [0, true],
    [2000, false],
    [3000, true],
  ]);
});

test.each([
  ['now', 0],
  ['-200d', -17_280_000_000],
  ['+5h30m', 19_800_000],
  ['-90s', -90_000],
  ['200d', null],
  ['+5 h', null],
  ['2026-01-05 00:00:00', null],
  [null, null],
])('the relative time %s is %s ms', (text, expected) => {
  expect(shiftOf(text)).toBe(expected);
});

test('every mistake of a scenario is told at once', () => {
  const bad = [
    7,
    { at: '1', do: 'grow', taskId: 1, when: 2 },
    { at: 1, do: 'add', taskId: 'rep-a', row: { Status: 1, TaskStatus: [1], CreateTime: 'soon', AuthTime: null } },
  ];
  expect(readScenario(JSON.stringify(bad))).toEqual({
    ok: false,
    problems: [
      'Step 1: it must be an object with at, do and taskId.',
      'Step 2: "when" is not known; a step has at, do, taskId, row.',
      'Step 2: "at" must be a number of seconds.',
      'Step 2: "do" must be one of add, set, remove, restore.',
      'Step 2: "taskId" must be a text like "rep-00000001".',
      'Step 3: "row.Status" is not a field that a step may give.',
      'Step 3: "row.TaskStatus" must be a text or number.',
      'Step 3: "row.CreateTime" must be "now", relative like "-200d" or "+5h30m", or "YYYY-MM-DD hh:mm:ss".',
    ],
  });
});

test.each([
  [[{ at: 1, do: 'set', taskId: 'rep-a' }], 'At 1 s "set" does not fit rep-a, which is not listed then.'],
  [
    [
      { at: 2, do: 'add', taskId: 'rep-a' },
      { at: 1, do: 'add', taskId: 'rep-a' },
    ],
    'At 2 s "add" does not fit rep-a, which is listed then.',
  ],
  [
    [
      { at: 0, do: 'add', taskId: 'rep-a' },
      { at: 1, do: 'restore', taskId: 'rep-a' },
    ],
    'At 1 s "restore" does not fit rep-a, which is listed then.',
  ],
])('a scenario that cannot be played to its end is refused: %j', (scenario, problem) => {
  expect(readScenario(JSON.stringify(scenario))).toEqual({ ok: false, problems: [problem] });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, 'scenario.json');
  await writeFile(path, text);
  return path;
}

test('served alone, the sandbox says how to reach it, plays the file and prints each step and request', async () => {
  const scenarioPath = await fileWith('[{ "at": 0, "do": "add", "taskId": "rep-a", "row": { "TaskTypeId": 101 } }]');
  const lines: string[] = [];
  const stop = new AbortController();
  const printed = Promise.withResolvers<void>();
  const print = (line: string): void => {
    lines.push(line);
    if (line.includes('add rep-a')) printed.resolve();
  };
  const served = serveSandbox({ port: 0, scenarioPath, print, signal: stop.signal });
  await printed.promise;
  const url = /http:\S+?(?=;)/.exec(lines[0] ?? '')?.[0] ?? '';
  const timestamp = Math.floor(Date.now() / 1000);
  const answer = await signedCall({ url: `${url}/`, key: SANDBOX_KEY, body: '{"Limit":5}', timestamp });
  expect(await answer.json()).toMatchObject({ Response: { TotalCount: 1 } });
  stop.abort();
  expect(await served).toEqual({ ok: true });
  const text = lines.join('\n');
  expect(text).toContain(`TENCENTCLOUD_SECRET_ID=${SANDBOX_KEY.secretId}`);
  expect(text).toContain(`TENCENTCLOUD_SECRET_KEY=${SANDBOX_KEY.secretKey}`);
  expect(text).toContain(`endpoint: "${url}"`);
  expect(lines.at(-1)).toMatch(/DescribeTaskInfo \{"Limit":5\} → ok 1 of 1$/);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a scenario file that is missing or wrong, or a port that is taken, is one clear problem', async () => {
  const options = { port: 0, print: () => undefined, signal: AbortSignal.abort() };
  const missing = join(folder, 'missing.json');
  expect(await serveSandbox({ ...options, scenarioPath: missing })).toEqual({
    ok: false,
    problem: `The scenario file ${missing} cannot be read.`,
  });
  const wrong = await fileWith('{}');
  expect(await serveSandbox({ ...options, scenarioPath: wrong })).toEqual({
    ok: false,
    problem: `${wrong}:\n  The scenario must be a JSON list of steps.`,
  });
  const other = await startSandbox();
  expect(await serveSandbox({ ...options, port: other.port, scenarioPath: null })).toEqual({
    ok: false,
    problem: `The sandbox cannot listen on port ${other.port} (EADDRINUSE); choose another with --port.`,
  });
  await other.close();
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ConfigFile, writeConfigFile } from '../support/config-file.ts';
import { type ProgramEnd, runProgram } from '../support/program.ts';

let sandbox: Sandbox;
let hook: SlackHook;
let empty: string;

beforeAll(async () => {
  [sandbox, hook] = await Promise.all([startSandbox(), startSlackHook()]);
  empty = mkdtempSync(join(tmpdir(), 'repairwatch-test-'));
});

afterAll(async () => {
  rmSync(empty, { recursive: true, force: true });
  await Promise.all([sandbox.close(), hook.close()]);
});

async function withConfig<T>(
  changes: Readonly<Record<string, unknown>>,
  work: (file: ConfigFile) => Promise<T>,
): Promise<T> {
  const file = writeConfigFile({ sandbox, hook }, changes);
  try {
    return await work(file);
  } finally {
    file.remove();
  }
}

/** Every complaint is for people: whole sentences, no stack, no secret. */
function expectForPeople({ stderr, stdout }: ProgramEnd): void {
  for (const text of [stderr, stdout]) {
    expect(text).not.toMatch(/^\s+at /m);
    expect(text).not.toContain(SANDBOX_KEY.secretKey);
    expect(text).not.toContain(new URL(hook.url).pathname);
  }
}

describe('the command line', () => {
  it.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['lits'], /unknown command 'lits'[\s\S]*Did you mean list\?/],
    [['run', '--fast'], /unknown option '--fast'/],
    [['explain'], /missing required argument 'id'/],
    [['list', 'surplus'], /too many arguments/],
    [['polls', '--limit', 'many'], /whole number from 1/],
    [['deliveries', '--state', 'lost'], /waiting, sending, delivered, dead/],
    [['run', '--log-level', 'loud'], /debug, info, warn, error, silent/],
    [['requeue'], /a KEY, or --channel NAME, or --all/],
    [['requeue', 'rw-a', '--all'], /a KEY, or --channel NAME, or --all/],
    [['digest', 'morning'], /add --preview/],
    [['sandbox', '--port', '70000'], /port from 0/],
    [['sandbox', '--scenario', '/nowhere/scenario.json'], /\/nowhere\/scenario\.json cannot be read/],
    [['list', '--config', '/nowhere/repairwatch.yaml'], /\/nowhere\/repairwatch\.yaml/],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const end = await runProgram(args, { cwd: empty });
    expect(end.stderr).toMatch(sentence);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expectForPeople(end);
  });

  it('shows every command in its help, and examples in the help of each', async () => {
    const help = await runProgram(['--help']);
    expect(help.code).toBe(0);
    const names = [...help.stdout.matchAll(/^ {2}([a-z-]+)(?= .* {2})/gm)].map(([, name = '']) => name);
    expect(names).toEqual(expect.arrayContaining(['run', 'once', 'check', 'demo', 'sandbox', 'health', 'list']));
    expect(names).toEqual(expect.arrayContaining(['explain', 'polls', 'deliveries', 'requeue', 'digest', 'send-test']));
    for (const name of names.filter((each) => each !== 'help')) {
      const { code, stdout } = await runProgram([name, '--help']);
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}\\$ repairwatch ${name}`));
      expect(code).toBe(0);
    }
  });

  it('says on an older Node what to do, without loading anything', async () => {
    const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.1" } })';
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(old)}`;
    const end = await runProgram(['run'], { env: { NODE_OPTIONS } });
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toBe(
      'repairwatch needs Node 24 or newer, but this is Node 18.20.1; install it from https://nodejs.org, or run `npm ci` and start through `npx repairwatch`.\n',
    );
  });

  it('meets a bug with one sentence that says what to report, and shows the stack only on request', () =>
    withConfig({}, async (file) => {
      const broken = 'Intl.DateTimeFormat = class { constructor() { throw new TypeError("no zones today"); } };';
      const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}` };
      const end = await runProgram(['check', '--config', file.path], { env });
      expect(end).toMatchObject({ code: 1, stdout: '' });
      expect(end.stderr).toMatch(
        /^repairwatch \d+\.\d+\.\d+ met an error that it does not know \(TypeError: no zones today\); please report it [^\n]+\n$/,
      );
      const debug = await runProgram(['check', '--log-level', 'debug', '--config', file.path], { env });
      expect(debug.stderr).toMatch(/\n\s+at .*dist\/config\//);
    }));

  it.each(['list', 'health', 'polls', 'deliveries', 'explain rep-1', 'digest morning --preview', 'requeue --all'])(
    'says for `%s` that the store does not exist yet, and makes none',
    (command) =>
      withConfig({}, async (file) => {
        const end = await runProgram([...command.split(' '), '--config', file.path]);
        expect(end.stderr).toMatch(/^The store \S+ does not exist yet; start `repairwatch run` .+\n$/);
        expect(end).toMatchObject({ code: 1, stdout: '' });
      }),
  );
});

describe('check', () => {
  const BROKEN = { poll: { schedule: '61 * * * *', lookback: 'soon' }, reminder: ['1h'] };

  it('tells every problem at once, with its path', () =>
    withConfig(BROKEN, async (file) => {
      const end = await runProgram(['check', '--config', file.path]);
      expect(end.code).toBe(2);
      expect(end.stdout).toMatch(/^problem .*poll\.schedule/m);
      expect(end.stdout).toMatch(/^problem .*poll\.lookback/m);
      expect(end.stdout).toMatch(/^problem .*reminder\b/m);
      expect(end.stdout).toMatch(/has 3 problems\.$/m);
      expectForPeople(end);
      const json = await runProgram(['check', '--json', '--config', file.path]);
      expect(json.code).toBe(2);
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [{}, {}, {}], online: null });
    }));

  it('sums up a good configuration, with its warnings and without its secrets', () =>
    withConfig({}, async (file) => {
      const end = await runProgram(['check', '--config', file.path], { env: { COLUMNS: '80' } });
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(end.stdout).toMatch(/^account +prod: own key/m);
      expect(end.stdout).toMatch(/^warning +There is no heartbeat/m);
      expect(end.stdout).toContain('is good');
      expectForPeople(end);
    }));

  it('takes the file from the environment, or everything', () =>
    withConfig({}, async (file) => {
      const named = await runProgram(['check', '--json'], { cwd: empty, env: { REPAIRWATCH_CONFIG: file.path } });
      expect(JSON.parse(named.stdout)).toMatchObject({ ok: true, config: file.path });
      const env = {
        TENCENTCLOUD_SECRET_ID: SANDBOX_KEY.secretId,
        TENCENTCLOUD_SECRET_KEY: SANDBOX_KEY.secretKey,
        SLACK_WEBHOOK_URL: hook.url,
      };
      const alone = await runProgram(['check', '--json'], { cwd: empty, env });
      expect(JSON.parse(alone.stdout)).toMatchObject({ ok: true, config: null });
      writeFileSync(join(empty, 'repairwatch.yaml'), 'channels: {}\n');
      const local = await runProgram(['check', '--json'], { cwd: empty, env });
      rmSync(join(empty, 'repairwatch.yaml'));
      expect(JSON.parse(local.stdout)).toMatchObject({ ok: false, config: 'repairwatch.yaml' });
      expect(local.code).toBe(2);
    }));

  it('tries accounts, channels and the store online, and sends nothing', () =>
    withConfig({}, async (file) => {
      const before = hook.accepted.entries.length;
      const end = await runProgram(['check', '--online', '--config', file.path]);
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(end.stdout).toMatch(
        /^ok +account prod: \d+ tasks .+ key from secretId and secretKey .+ clock right, \d+ ms$/m,
      );
      expect(end.stdout).toMatch(/^ok +channel slack: /m);
      expect(end.stdout).toMatch(/^ok +store: .+ does not exist yet and can be made/m);
      expect(hook.accepted.entries.length).toBe(before);
      expectForPeople(end);
    }));

  it('names what failed online, the RequestId and the remedy', () => {
    const account = { name: 'prod', endpoint: sandbox.url, secretId: SANDBOX_KEY.secretId, secretKey: 'wrong' };
    const slack = { type: 'slack', url: hook.url.replace(/.$/, 'X') };
    return withConfig({ accounts: [account], channels: { slack } }, async (file) => {
      const end = await runProgram(['check', '--online', '--config', file.path]);
      expect(end.code).toBe(1);
      expect(end.stdout).toMatch(
        /^FAILED +account prod: .*AuthFailure.*check secretId and secretKey.*RequestId [0-9a-f-]+/m,
      );
      expect(end.stdout).toMatch(/^FAILED +channel slack: /m);
      expect(end.stdout).toMatch(/^2 of 3 did not work\.$/m);
      expectForPeople(end);
    });
  });
});

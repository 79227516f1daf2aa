import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
/** The image's user; tests that are not run by root keep their own. */
const USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
const STOP_WITHIN_MS = 8_000;

let image: string;
let sandbox: Sandbox;
let hook: SlackHook;

/** The files that the Dockerfile puts into the image, in a folder that stands for its root. */
function layOutImage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repairwatch-image-'));
  const app = join(folder, 'app');
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const part of ['dist', 'config', 'package.json', 'LICENSE'])
    cpSync(join(ROOT, part), join(app, part), { recursive: true });
  const list = ['ls', '--all', '--parseable', '--omit=dev', '--omit=optional'];
  const modules = execFileSync('npm', list, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').slice(1);
  for (const path of modules) cpSync(path, join(app, relative(ROOT, path)), { recursive: true });
  copyFileSync(process.execPath, join(folder, 'node'));
  if (USER.uid !== undefined) chownSync(join(folder, 'data'), USER.uid, USER.gid);
  for (const path of [folder, app]) chmodSync(path, 0o555);
  return folder;
}

beforeAll(async () => {
  image = layOutImage();
  [sandbox, hook] = await Promise.all([startSandbox(), startSlackHook()]);
});

afterAll(async () => {
  await Promise.all([sandbox.close(), hook.close()]);
  for (const path of [image, join(image, 'app')]) chmodSync(path, 0o755);
  rmSync(image, { recursive: true, force: true });
});

/** Runs what an instruction in exec form names, in the image's working directory, with nothing else in the environment but the variables. */
function start(instruction: string, more: readonly string[] = []) {
  const words = JSON.parse(new RegExp(`${instruction}.*?(\\[.*\\])$`, 'm').exec(DOCKERFILE)?.[1] ?? '[]') as string[]; // exec form: texts
  const [node = '', ...args] = words.map((word) => (word.startsWith('/') ? join(image, word) : word));
  const { secretId, secretKey } = SANDBOX_KEY;
  const child = spawn(join(image, node), [...args, ...more], {
    ...USER,
    cwd: image,
    env: {
      TENCENTCLOUD_SECRET_ID: secretId,
      TENCENTCLOUD_SECRET_KEY: secretKey,
      TENCENTCLOUD_ENDPOINT: sandbox.url,
      SLACK_WEBHOOK_URL: hook.url,
      POLL_SCHEDULE: '* * * * * *',
      TMPDIR: join(image, 'there-is-none'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
  return { child, ended };
}

it('the image’s files serve another user on a read-only root: it polls, tells, is healthy, and ends in time', async () => {
  const { TaskId } = sandbox.world().add();
  const service = start('ENTRYPOINT', ['run']);
  const told = hook.accepted.until(({ body }) => body.includes(TaskId));
  await Promise.race([told, service.ended.then((end) => expect.fail(`it ended: ${JSON.stringify(end)}`))]);
  expect(await start('HEALTHCHECK').ended).toEqual({ code: 0, stderr: '' });
  const since = performance.now();
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual({ code: 0, stderr: '' });
  expect(performance.now() - since).toBeLessThan(STOP_WITHIN_MS);
  expect(readdirSync(join(image, 'data'))).toContain('repairwatch.db');
  expect(readdirSync(image).toSorted()).toEqual(['app', 'data', 'node']);
});

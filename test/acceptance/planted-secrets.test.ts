import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../src/sandbox/mail-server.ts';
import { captured } from '../support/captured.ts';
import { type CloudStage, openCloudStage } from '../support/cloud-stage.ts';
import { freePort } from '../support/free-port.ts';
import type { ProgramEnd, RunningProgram } from '../support/program.ts';

/** What must come out nowhere; each is found by its own name. */
const PLANTED = {
  secretId: 'AKIDplanted0secret0id',
  secretKey: 'planted0secret0key',
  ownId: 'AKIDplanted0own0id',
  ownKey: 'planted0own0key',
  ownToken: 'planted0own0token',
  smtpPassword: 'planted0smtp0password',
  httpToken: 'planted0http0token',
  heartbeat: 'planted0heartbeat',
  proxyPassword: 'planted0proxy0password',
} as const;
const ROLE = 'qcs::cam::uin/100000000002:roleName/reader';
/** Reports of Node are asked for in every way that it knows. */
const REPORTS = '--report-on-signal --report-uncaught-exception --report-on-fatalerror';
const CRASH = new URL('../support/crash-preload.ts', import.meta.url).href;

let stage: CloudStage;
let mail: MailServer;
let env: Readonly<Record<string, string>>;
let service: RunningProgram;
let session: string;
/** Everything that was printed or served, by where it came from. */
const seen = new Map<string, string>();
const ends: ProgramEnd[] = [];

/** Beside those above: what others have made up or given in the run. */
function secrets(): readonly string[] {
  const temporary = stage.issued.flatMap(({ secretId, secretKey, token }) => [secretId, secretKey, token ?? '']);
  return [...Object.values(PLANTED), ...temporary, new URL(stage.hook.url).pathname, session].filter(
    (text) => text !== '',
  );
}

const fromEnv = (name: string): string => `\${${name}}`;

function configure(port: number): void {
  const { sandbox, hook, file } = stage;
  const roleOf = { roleArn: ROLE, sessionName: 'repairwatch' };
  file.change({
    accounts: [
      { ...stage.chained, secretId: fromEnv('PLANTED_ID'), secretKey: fromEnv('PLANTED_KEY'), assumeRole: roleOf },
      {
        name: 'own',
        endpoint: sandbox.url,
        secretId: PLANTED.ownId,
        secretKey: PLANTED.ownKey,
        token: PLANTED.ownToken,
      },
    ],
    channels: {
      slack: { type: 'slack', url: fromEnv('SLACK_HOOK'), language: 'en' },
      mail: { type: 'email', smtp: mail.url, from: 'repairwatch@example.com', to: ['ops@example.com'], language: 'en' },
    },
    routes: [{ channels: ['slack', 'mail'] }],
    heartbeat: { url: `http://127.0.0.1:9/${PLANTED.heartbeat}`, every: '10s' },
    http: { listen: `127.0.0.1:${port}`, token: `\${file:${stage.write('token', PLANTED.httpToken)}}` },
  });
  env = {
    ...stage.env,
    HTTPS_PROXY: stage.proxy.url.replace('//', `//someone:${PLANTED.proxyPassword}@`),
    PLANTED_ID: PLANTED.secretId,
    PLANTED_KEY: PLANTED.secretKey,
    SLACK_HOOK: hook.url,
    NODE_OPTIONS: `${stage.env['NODE_OPTIONS'] ?? ''} --import=${CRASH} ${REPORTS}`,
  };
}

/** The counterparts repeat in their answers what they were sent. */
function goWrong(): void {
  const { ownId, ownKey, ownToken, smtpPassword } = PLANTED;
  const message = `The request of ${ownId} ${ownKey} ${ownToken} is refused.`;
  stage.sandbox.fault({ kind: 'internal-error', key: ownId, message, times: 2 });
  const [id, key, token] = ['AKIDtemporary1', 'temporary-secret-1', 'temporary-token-1'];
  stage.sandbox.fault({ kind: 'internal-error', key: id, message: `${id} ${key} ${token} may not.`, times: 1 });
  stage.sandbox.fault({ kind: 'http-502-html', times: 1 });
  stage.sandbox.fault({ kind: 'reset', times: 1 });
  stage.hook.fault({ kind: 'status', status: 500, body: `no_service at ${stage.hook.url}`, times: 2 });
  mail.fault({ kind: 'refuse', step: 'auth', code: 454, text: `Not now for ${smtpPassword} of ${mail.url}`, times: 1 });
  mail.fault({ kind: 'refuse', step: 'body', code: 451, text: `Not now for ${smtpPassword}`, times: 1 });
}

async function command(...args: readonly string[]): Promise<ProgramEnd> {
  const end = await stage.run(args, env);
  seen.set(args.join(' '), end.stdout + end.stderr);
  return end;
}

async function look(origin: string, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(origin + path, { headers, redirect: 'manual' });
  const text = `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
  seen.set(path, text);
  return text;
}

async function signIn(origin: string): Promise<string> {
  const login = (token: string): Promise<Response> =>
    fetch(`${origin}/login`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
  const wrong = await login(`${PLANTED.httpToken}x`);
  seen.set('a wrong login', await wrong.text());
  const right = await login(PLANTED.httpToken);
  return /rw_session=([^;]+)/.exec(right.headers.get('Set-Cookie') ?? '')?.[1] ?? '';
}

/** Resolves when Node has begun to write a report. A thread of its own sees the signal, so what is sent next may be sooner and end the process. */
function nodeReport(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name?.startsWith('report.') !== true) return;
      watcher.close();
      resolve();
    });
  });
}

beforeAll(async () => {
  mail = await startMailServer({ auth: { user: 'repairwatch', password: PLANTED.smtpPassword } });
  stage = await openCloudStage();
  const { sandbox, hook } = stage;
  sandbox.grant({ secretId: PLANTED.secretId, secretKey: PLANTED.secretKey });
  sandbox.grant({ secretId: PLANTED.ownId, secretKey: PLANTED.ownKey, token: PLANTED.ownToken });
  sandbox.world().add({ TaskId: 'rep-planted1', Alias: 'shop-web-01' });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  configure(port);
  await command('check');
  stage.sts.trouble = 'refusal';
  await command('check', '--online');
  stage.sts.trouble = null;
  goWrong();
  service = stage.start(['run', '--log-level', 'debug'], env);
  await service.waitForLog('page-served');
  for (const account of ['prod', 'own'])
    await service.waitForLog('poll-finished', (line) => line['account'] === account && line['result'] === 'complete');
  for (const channel of ['slack', 'mail'])
    await service.waitForLog('message-delivered', (line) => line['channel'] === channel);
  await service.waitForLog('heartbeat-failed');
  session = await signIn(origin);
  const person = { Cookie: `rw_session=${session}`, Accept: 'text/html' };
  const machine = { Authorization: `Bearer ${PLANTED.httpToken}` };
  for (const path of [
    '/',
    '/?text=rep',
    '/timeline',
    '/health',
    '/health/digests/morning',
    '/tasks/prod/rep-planted1',
    '/no/page',
    '/login',
  ])
    await look(origin, path, person);
  for (const path of [
    '/metrics',
    '/api/tasks',
    '/api/tasks/rep-planted1',
    '/api/polls',
    '/api/deliveries',
    '/healthz',
    '/readyz',
  ])
    await look(origin, path, machine);
  await look(origin, '/api/tasks?nothing=1', machine);
  for (const args of [
    ['list'],
    ['explain', 'rep-planted1'],
    ['polls'],
    ['deliveries'],
    ['health'],
    ['list', '--remote'],
  ])
    await command(...args, ...(args[0] === 'health' ? [] : ['--json']));
  await command('digest', 'morning', '--preview');
  await command('send-test', 'slack', '--log-level', 'debug');
  const reported = nodeReport(stage.file.directory);
  service.kill('SIGUSR2');
  await reported;
  service.kill('SIGWINCH');
  ends.push(await service.exited);
  const starved = stage.start(['run'], env);
  await starved.waitForLog('page-served');
  starved.kill('SIGIO');
  ends.push(await starved.exited);
  expect(hook.accepted.entries.length).toBeGreaterThan(0);
});

afterAll(async () => {
  service?.kill('SIGKILL');
  await Promise.all([stage.close(), mail.close()]);
});

/** Where one of the secrets stands in a text: what was looked at, and which. */
function found(texts: Iterable<readonly [where: string, text: string]>): readonly string[] {
  const all = secrets();
  expect(all.length).toBeGreaterThan(12);
  return [...texts].flatMap(([where, text]) =>
    all.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${where}`),
  );
}

describe('after a run in which everything went wrong and was repeated, no planted secret stands', () => {
  it('in what the service printed, told and stored', () => {
    const lines = service.log.map((line) => [`the line ${line.event}`, JSON.stringify(line)] as const);
    const left = captured({ hook: stage.hook, mail, file: stage.file }, ends);
    expect(stage.issued[0]).toMatchObject({ secretId: 'AKIDtemporary1', token: 'temporary-token-1' });
    expect(found([...lines, ...left.map((text, at) => [`place ${at}`, text] as const)])).toEqual([]);
    const events = new Set(service.log.map(({ event }) => event));
    for (const event of ['api-retried', 'message-not-delivered', 'heartbeat-failed', 'login-refused'])
      expect(events).toContain(event);
  });

  it('on any page, in the metrics, the API, or what a command printed', () => {
    expect(seen.get('/metrics')).toContain('repairwatch_');
    expect(seen.get('/tasks/prod/rep-planted1')).toContain('shop-web-01');
    expect(seen.get('check --online')).toContain('prod');
    // The address that a calendar is given opens the calendar alone, and nothing else.
    expect(found(seen)).toEqual([]);
  });

  it('in a report that Node wrote on a signal or of a fatal error, nor in what it said as it crashed', () => {
    const [thrown, outOfMemory] = ends;
    expect([thrown?.code, thrown?.stderr]).toEqual([1, expect.stringContaining('crashed on purpose')]);
    expect([outOfMemory?.signal, outOfMemory?.stderr]).toEqual([
      'SIGABRT',
      expect.stringContaining('JavaScript heap out of memory'),
    ]);
    const folder = stage.file.directory;
    const reports = readdirSync(folder).filter((name) => name.startsWith('report.'));
    expect(reports).not.toEqual([]);
    expect(found(reports.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))).toEqual([]);
  });
});

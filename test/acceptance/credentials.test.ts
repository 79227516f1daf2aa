import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type CloudStage, openCloudStage } from '../support/cloud-stage.ts';
import type { ProgramEnd, RunningProgram } from '../support/program.ts';

const { secretId, secretKey } = SANDBOX_KEY;
const ROLE = 'qcs::cam::uin/100000000002:roleName/reader';
const POD_ROLE = 'qcs::cam::uin/100000000001:roleName/pod';
const ENVIRONMENT = { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey };
const INI = `[default]\nsecret_id = ${secretId}\nsecret_key = ${secretKey}\n`;

let stage: CloudStage;

beforeEach(async () => {
  stage = await openCloudStage();
  stage.sandbox.world().add({ Alias: 'shop-web-01' });
});

afterEach(() => stage.close());

/** A place for keys: what is made there, and what is set in the environment. */
const SOURCES: Readonly<Record<string, { words: string; lay: () => Readonly<Record<string, string>> }>> = {
  'the environment': { words: 'the environment (TENCENTCLOUD_SECRET_ID)', lay: () => ENVIRONMENT },
  'the environment with a token': {
    words: 'the environment (TENCENTCLOUD_SECRET_ID)',
    lay() {
      const key = { secretId: 'AKIDtemporary', secretKey: 'temporary-secret', token: 'the-token' };
      stage.sandbox.grant(key);
      return {
        TENCENTCLOUD_SECRET_ID: key.secretId,
        TENCENTCLOUD_SECRET_KEY: key.secretKey,
        TENCENTCLOUD_SECURITY_TOKEN: key.token,
      };
    },
  },
  'the ini file at home': {
    words: 'the file HOME/.tencentcloud/credentials',
    lay() {
      stage.write('.tencentcloud/credentials', INI);
      return {};
    },
  },
  'a named ini file': {
    words: 'the file HOME/keys.ini',
    lay: () => ({ TENCENTCLOUD_CREDENTIALS_FILE: stage.write('keys.ini', INI) }),
  },
  "the CVM's role": {
    words: 'the role watcher of this CVM',
    lay() {
      stage.metadata.role = 'watcher';
      return {};
    },
  },
  "TKE's pod identity": {
    words: `TKE's pod identity (role ${POD_ROLE})`,
    lay: () => ({
      TKE_REGION: 'ap-beijing',
      TKE_PROVIDER_ID: 'tke-provider',
      TKE_WEB_IDENTITY_TOKEN_FILE: stage.write('pod-token', `${stage.webIdentityToken}\n`),
      TKE_ROLE_ARN: POD_ROLE,
    }),
  },
};

const names = Object.keys(SOURCES);

function lay(name: string): { readonly env: Readonly<Record<string, string>>; readonly words: string } {
  const source = SOURCES[name];
  if (source === undefined) throw new Error(`there is no source ${name}`);
  return { env: { ...stage.env, ...source.lay() }, words: source.words.replace('HOME', stage.file.directory) };
}

function assumingRole(): void {
  const assumeRole = { roleArn: ROLE, sessionName: 'repairwatch', externalId: 'ext-1' };
  stage.file.change({ accounts: [{ ...stage.chained, assumeRole }] });
}

/** The terminal's lines may be broken anywhere between words. */
function flat({ stdout }: ProgramEnd): string {
  return stdout.replace(/\s+/g, ' ');
}

function expectNoSecret({ stdout, stderr }: Pick<ProgramEnd, 'stdout' | 'stderr'>): void {
  const secrets = [
    secretKey,
    'proxy-password',
    ...stage.issued.flatMap((key) => [key.secretKey, key.token ?? key.secretKey]),
  ];
  for (const secret of [...secrets, stage.webIdentityToken]) expect(stdout + stderr).not.toContain(secret);
}

describe('the official credential chain', () => {
  it.each(names)('reads with the key of %s, and `check --online` says so', async (name) => {
    const { env, words } = lay(name);
    const checked = await stage.run(['check', '--online'], env);
    expect(flat(checked)).toContain(`account prod: 1 task of the last 24 h, key from ${words}, clock right`);
    const once = await stage.run(['once'], env);
    expect(once.stdout).toMatch(/^account prod: complete, 1 task read, 1 open$/m);
    for (const end of [checked, once]) expectNoSecret(end);
    expect(stage.proxy.asked.filter((asked) => !/^(cvm|sts)\.tencentcloudapi\.com:443$/.test(asked))).toEqual([]);
  });

  it.each(names)('assumes a role with the key of %s, and `check --online` says so', async (name) => {
    const { env, words } = lay(name);
    assumingRole();
    const checked = await stage.run(['check', '--online'], env);
    expect(flat(checked)).toContain(
      `account prod: 1 task of the last 24 h, key from role ${ROLE}, assumed with ${words}, clock`,
    );
    expectNoSecret(checked);
    const call = stage.sts.calls.entries.at(-1);
    expect(call?.authorization).toMatch(/^TC3-HMAC-SHA256 Credential=[^/]+\/\d{4}-\d\d-\d\d\/sts\/tc3_request, /);
    expect(call).toMatchObject({
      action: 'AssumeRole',
      body: { RoleArn: ROLE, RoleSessionName: 'repairwatch', ExternalId: 'ext-1' },
    });
    expect(stage.sandbox.arrivals.entries.at(-1)?.secretId).toBe(stage.issued.at(-1)?.secretId);
  });

  it('without a key says what each source answered and what to do, within seconds', async () => {
    stage.metadata.trouble = 'hang';
    const began = performance.now();
    const once = await stage.run(['once', '--log-level', 'error'], stage.env);
    expect(once.code).toBe(1);
    expect(flat(once)).toMatch(
      /no key for the API \(the environment: TENCENTCLOUD_SECRET_ID is not set; .*; set secretId and secretKey/,
    );
    // One wait of 2 s for a metadata service that never answers, however many requests wanted a key.
    expect(stage.metadata.asked).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it.each([
    ['failed', /no key for role watcher/],
    ['garbage', /the metadata service names no role/],
  ] as const)('a metadata service that is in trouble (%s) is told with what it said', async (trouble, words) => {
    Object.assign(stage.metadata, { role: 'watcher', trouble });
    const checked = await stage.run(['check', '--online'], stage.env);
    expect(checked.code).toBe(1);
    expect(flat(checked)).toMatch(words);
  });
});

describe('a key that ends while the service runs', () => {
  const started: RunningProgram[] = [];

  afterEach(async () => {
    for (const service of started) service.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ exited }) => exited));
  });

  function run(env: Readonly<Record<string, string>>): RunningProgram {
    const service = stage.start(['run'], env);
    started.push(service);
    return service;
  }

  const codes = (): readonly string[] => stage.sandbox.answers.entries.map(({ outcome }) => outcome);

  /** Resolves when so many more requests were answered. */
  const answered = (more: number) => stage.sandbox.answers.untilCount(stage.sandbox.answers.entries.length + more);

  it("is fetched anew before it ends, so that no request is refused, with the pod's token as its file is then", async () => {
    stage.lifeMs = 10_000;
    const { env } = lay("TKE's pod identity");
    run(env);
    await answered(1);
    stage.webIdentityToken = 'the-next-pod-token';
    stage.write('pod-token', stage.webIdentityToken);
    await stage.sandbox.answers.until(({ arrival }) => arrival.secretId === stage.issued[1]?.secretId);
    expect(new Set(codes())).toEqual(new Set(['ok']));
    const calls = stage.sts.calls.entries;
    expect(calls.map(({ body }) => body['WebIdentityToken'])).toEqual(['the-pod-token', 'the-next-pod-token']);
    expect(calls.every(({ authorization }) => authorization === 'SKIP')).toBe(true);
  });

  it('is refused by the API: a new one is fetched and the request tried once more, in the same poll', async () => {
    const { env } = lay("the CVM's role");
    const service = run(env);
    await answered(3);
    const [first] = stage.issued;
    if (first === undefined) throw new Error('no key was issued');
    stage.sandbox.revoke(first.secretId);
    await stage.sandbox.answers.until(({ arrival }) => arrival.secretId !== first.secretId);
    await service.waitForLog('poll-finished', () => stage.issued.length > 1);
    // The history is read beside the poll, so more than one request may have been on its way; one new key is for all of them.
    expect(new Set(codes())).toEqual(new Set(['ok', 'AuthFailure.SecretIdNotFound']));
    expect(stage.issued).toHaveLength(2);
    expect(service.log.filter((line) => line.event === 'poll-finished' && line['result'] !== 'complete')).toEqual([]);
  });

  it('is kept while it is valid and its refresh fails, and renewed once that works again', async () => {
    stage.lifeMs = 20_000;
    assumingRole();
    const { env } = lay('the environment');
    const service = run(env);
    await answered(1);
    stage.sts.trouble = 'refusal';
    const [first] = stage.issued;
    // The refresh begins 2 s before the end.
    await stage.sts.calls.untilCount(2);
    await answered(1);
    expect(stage.sandbox.arrivals.entries.at(-1)?.secretId).toBe(first?.secretId);
    stage.sts.trouble = null;
    await stage.sandbox.answers.until(({ arrival }) => arrival.secretId !== first?.secretId);
    expect(new Set(codes())).toEqual(new Set(['ok']));
    expect(service.log.filter((line) => line.event === 'poll-finished' && line['result'] !== 'complete')).toEqual([]);
  });

  it.each(['an ini file', 'a role'])('%s that appears later is found without a restart', async (what) => {
    stage.metadata.trouble = 'failed';
    stage.metadata.role = 'watcher';
    const service = run(stage.env);
    await service.waitForLog('poll-finished', (line) => line['result'] === 'incomplete');
    if (what === 'a role') stage.metadata.trouble = null;
    else stage.write('.tencentcloud/credentials', INI);
    await service.waitForLog('poll-finished', (line) => line['result'] === 'complete');
    expect(stage.sandbox.arrivals.entries[0]?.secretId).toBe(what === 'a role' ? stage.issued[0]?.secretId : secretId);
  });
});

it('a reload leaves the key of a role alone where the account stays as it is', async () => {
  assumingRole();
  const service = stage.start(['run'], { ...stage.env, ...ENVIRONMENT });
  await service.waitForLog('poll-finished');
  expect(stage.issued).toHaveLength(1);
  stage.file.change({ reminders: ['2h'] });
  service.kill('SIGHUP');
  await service.waitForLog('configuration-reloaded');
  const polls = service.log.filter(({ event }) => event === 'poll-finished').length;
  await service.waitForLog('poll-finished', ({ result }) => result === 'complete', polls + 1);
  expect(stage.issued).toHaveLength(1);
  service.kill();
  expect((await service.exited).code).toBe(0);
});

describe('a proxy', () => {
  const METADATA = 'metadata.tencentyun.com';

  const without = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries({ ...stage.env, ...ENVIRONMENT }).filter(([variable]) => variable !== name));

  const outcome = async (env: Readonly<Record<string, string>>) => flat(await stage.run(['check', '--online'], env));

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])(
    'that %s names is taken for the API and STS',
    async (name) => {
      assumingRole();
      expect(await outcome({ ...without('HTTPS_PROXY'), [name]: stage.proxy.url })).toContain(
        'account prod: 1 task of',
      );
      expect(new Set(stage.proxy.asked)).toEqual(
        new Set(['cvm.tencentcloudapi.com:443', 'sts.tencentcloudapi.com:443']),
      );
    },
  );

  it('is named without a scheme, as curl takes it, and a variable that is set to nothing is not set', async () => {
    const env = {
      ...without('HTTPS_PROXY'),
      https_proxy: '',
      HTTPS_PROXY: `127.0.0.1:${stage.proxy.port}`,
      no_proxy: '',
    };
    expect(await outcome(env)).toContain('account prod: 1 task of');
  });

  it.each(['NO_PROXY', 'no_proxy'])('is not asked for what %s names', async (name) => {
    assumingRole();
    for (const hosts of ['cvm.tencentcloudapi.com,sts.tencentcloudapi.com', 'example.com .tencentcloudapi.com', '*'])
      expect(await outcome({ ...stage.env, ...ENVIRONMENT, [name]: hosts })).toContain('account prod: 1 task of');
    expect(stage.proxy.asked).toEqual([]);
  });

  it('never hears of the metadata service', async () => {
    stage.metadata.role = 'watcher';
    const env = {
      ...stage.env,
      HTTP_PROXY: stage.proxy.url,
      http_proxy: stage.proxy.url,
      https_proxy: stage.proxy.url,
    };
    expect(await outcome(env)).toContain('key from the role watcher of this CVM');
    expect(stage.proxy.asked.length).toBeGreaterThan(0);
    expect(stage.proxy.asked.join()).not.toContain(METADATA);
  });

  it('gets its user and password, which nobody else sees', async () => {
    stage.proxy.login = 'ops:proxy-password';
    const HTTPS_PROXY = `http://${stage.proxy.login}@127.0.0.1:${stage.proxy.port}`;
    const end = await stage.run(['check', '--online'], { ...stage.env, ...ENVIRONMENT, HTTPS_PROXY });
    expect(flat(end)).toContain('account prod: 1 task of');
    expectNoSecret(end);
    const wrong = { ...stage.env, ...ENVIRONMENT, HTTPS_PROXY: HTTPS_PROXY.replace('ops', 'dev') };
    const refused = await stage.run(['check', '--online'], wrong);
    expect(flat(refused)).toContain(
      `the proxy ${stage.proxy.url} refuses to connect (HTTP 407); give its user and password in HTTPS_PROXY`,
    );
    expectNoSecret(refused);
  });

  it('that is dead is named', async () => {
    const { url } = stage.proxy;
    const HTTPS_PROXY = url.replace('//', '//ops:proxy-password@');
    await stage.proxy.close();
    const end = await stage.run(['check', '--online'], { ...stage.env, ...ENVIRONMENT, HTTPS_PROXY });
    expect(end.code).toBe(1);
    expect(flat(end)).toContain(`the proxy ${url} is not reached: connect ECONNREFUSED`);
    expectNoSecret(end);
  });

  it.each(['check --online', 'once', 'run'])('whose address is none is a sentence of `%s`', async (command) => {
    const HTTPS_PROXY = 'ftp://ops:proxy-password@proxy:3128';
    const end = await stage.run(command.split(' '), { ...stage.env, ...ENVIRONMENT, HTTPS_PROXY });
    expect(end.code).toBeGreaterThan(0);
    expect((end.stderr + end.stdout).replace(/\s+/g, ' ')).toContain(
      'HTTPS_PROXY is no address of a proxy; write it like http://proxy.example.com:3128',
    );
    expect(end.stderr + end.stdout).not.toContain('please report it');
    expect(end.stderr + end.stdout).not.toMatch(/^\s+at /m);
    expectNoSecret(end);
  });
});

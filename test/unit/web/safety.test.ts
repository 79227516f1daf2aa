import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { assetPath } from '../../../src/web/assets.ts';
import { pollThatFinds, T0 } from '../../support/store-world.ts';
import { openWebStage, TOKEN, type WebStage } from '../../support/web-stage.ts';

const HTML = { Accept: 'text/html' };
const BEARER = { Authorization: `Bearer ${TOKEN}` };
const CLOSED = ['/', '/timeline', '/health', '/tasks/prod/rep-1', '/events', '/metrics', '/api/tasks', '/no/such/page'];

async function ask({ app }: WebStage, path: string, init: RequestInit = {}) {
  const answer = await app.request(path, init);
  const { status, headers } = answer;
  await answer.body?.cancel();
  return { status, headers, location: headers.get('Location') };
}

function signInWith(stage: WebStage, token: string, next = '/', headers: Readonly<Record<string, string>> = {}) {
  return ask(stage, '/login', { method: 'POST', body: new URLSearchParams({ token, next }), headers });
}

/** A body without an end; whoever takes all of it never answers. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) });
}

describe('a page without a token', () => {
  it.each([
    ['127.0.0.1:9420', 200],
    ['localhost:9420', 200],
    ['[::1]:9420', 200],
    ['repairs.example.com', 200],
    ['rebound.evil.example:9420', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example', 421],
    ['repairs.example.com.evil.example', 421],
    ['evil.example@127.0.0.1', 421],
    ['', 421],
  ])('answers to the host "%s" with %i', async (host, status) => {
    const stage = await openWebStage({}, { withToken: false });
    for (const path of ['/', '/events', '/api/tasks', '/metrics', '/healthz'])
      expect([path, (await ask(stage, path, { headers: { Host: host } })).status]).toEqual([path, status]);
  });

  it('can be written from by nobody', async () => {
    const stage = await openWebStage({}, { withToken: false });
    await pollThatFinds(stage.store, ['rep-1']);
    const headers = { Host: 'localhost' };
    for (const form of ['ack', 'mute', 'unmute']) {
      const body = new URLSearchParams({ key: '', by: 'Ann', revision: '1', until: '8h', reason: 'x' });
      expect((await ask(stage, `/tasks/prod/rep-1/${form}`, { method: 'POST', body, headers })).status).toBe(403);
    }
    expect(await stage.store.silences(T0)).toEqual({ acks: [], mutes: [] });
  });
});

describe('a page with a token', () => {
  it('shows nothing to whoever has none, and says what is missing', async () => {
    const stage = await openWebStage();
    for (const path of CLOSED) {
      const machine = await ask(stage, path);
      expect([path, machine.status, machine.headers.get('WWW-Authenticate')]).toEqual([path, 401, 'Bearer']);
      const wrong = await ask(stage, path, { headers: { Authorization: `Bearer ${TOKEN}x` } });
      expect([path, wrong.status]).toEqual([path, 401]);
      const person = await ask(stage, path, { headers: HTML });
      expect([path, person.status, person.location]).toEqual([path, 303, `/login?next=${encodeURIComponent(path)}`]);
    }
    for (const path of ['/healthz', '/login', assetPath('page.css')]) expect((await ask(stage, path)).status).toBe(200);
  });

  it('takes the token as a bearer only', async () => {
    const stage = await openWebStage();
    expect((await ask(stage, '/api/tasks', { headers: BEARER })).status).toBe(200);
    const basic = Buffer.from(`:${TOKEN}`).toString('base64');
    for (const headers of [
      { Authorization: TOKEN },
      { Authorization: `Basic ${basic}` },
      { Cookie: `rw_session=${TOKEN}` },
    ])
      expect((await ask(stage, '/api/tasks', { headers })).status).toBe(401);
    expect((await ask(stage, `/api/tasks?token=${TOKEN}`)).status).toBe(401);
  });

  it.each([
    ['https://repairs.example.com', true],
    ['http://127.0.0.1:9420', false],
  ])(
    'gives a session that scripts and other sites cannot use; behind %s over https only: %s',
    async (publicUrl, secure) => {
      const stage = await openWebStage({}, { publicUrl });
      const { status, headers, location } = await signInWith(stage, TOKEN, '/health');
      expect([status, location]).toEqual([303, '/health']);
      const flags = (headers.get('Set-Cookie') ?? '').split('; ').slice(1);
      const wanted = ['Path=/', 'Max-Age=2592000', 'SameSite=Strict', 'HttpOnly', ...(secure ? ['Secure'] : [])];
      expect(flags.toSorted()).toEqual(wanted.toSorted());
      expect(headers.get('Set-Cookie')).not.toContain(TOKEN);
    },
  );

  it('answers late to whoever tries many tokens, by the form or as a bearer, and to nobody else', async () => {
    const stage = await openWebStage();
    const tryForm = (token: string, address: string) =>
      stage.app.request('/login', { method: 'POST', body: new URLSearchParams({ token }) }, { address });
    const tryBearer = (token: string, address: string, path = '/api/tasks') =>
      stage.app.request(path, { headers: { Authorization: `Bearer ${token}` } }, { address });
    for (let tried = 0; tried < 10; tried += 1) {
      expect((await tryForm(`guess-${tried}`, '192.0.2.1')).status).toBe(403);
      expect((await tryBearer(`guess-${tried}`, '::ffff:192.0.2.1')).status).toBe(401);
    }
    const late = [
      tryForm('guess-10', '192.0.2.1'),
      tryBearer('guess-10', '192.0.2.1'),
      tryBearer('guess-10', '192.0.2.1', '/feed.ics'),
    ];
    await stage.clock.whenSleeping(late.length);
    expect((await tryForm('guess-0', '192.0.2.2')).status).toBe(403);
    expect((await tryForm(TOKEN, '192.0.2.1')).status).toBe(303);
    expect((await tryBearer(TOKEN, '192.0.2.1')).status).toBe(200);
    await stage.clock.advance(SECOND_MS);
    const answers = await Promise.all(late);
    expect(answers.map(({ status, headers }) => [status, headers.get('Retry-After')])).toEqual(
      late.map(() => [429, '60']),
    );
    expect(await answers[0]?.text()).toContain('The right one is let in all the same.');
    await stage.clock.advance(MINUTE_MS);
    expect((await tryForm('guess-11', '192.0.2.1')).status).toBe(403);
  });

  it('signs in and out only by its own forms', async () => {
    const stage = await openWebStage();
    const host = { Host: 'repairs.example.com' };
    for (const other of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'https://repairs.example.com.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect((await signInWith(stage, TOKEN, '/', { ...host, ...other })).status).toBe(403);
      const headers = { ...host, ...other, ...BEARER };
      expect((await ask(stage, '/logout', { method: 'POST', headers })).status).toBe(403);
    }
    const origin = { Origin: 'https://repairs.example.com' };
    for (const own of [
      { ...host, ...origin },
      { ...host, ...origin, 'Sec-Fetch-Site': 'same-origin' },
      // Behind a proxy that asks under its own name for us.
      { ...origin, Host: '127.0.0.1:9420', 'Sec-Fetch-Site': 'same-origin' },
    ])
      expect((await signInWith(stage, TOKEN, '/', own)).status).toBe(303);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    'javascript:alert(1)',
    'evil.example',
    '/ok\r\nSet-Cookie: a=b',
    '',
  ])('leads nobody away after signing in or choosing a language: %j', async (next) => {
    const stage = await openWebStage();
    expect((await signInWith(stage, TOKEN, next)).location).toBe('/');
    const path = `/language?to=en&next=${encodeURIComponent(next)}`;
    expect((await ask(stage, path)).location).toBe('/');
  });
});

describe('every answer', () => {
  it('has the policy that nothing inline and nothing foreign runs, whatever its status', async () => {
    const broken = { openCounts: () => Promise.reject(new Error('disk full at /srv/data')) };
    const stage = await openWebStage(broken);
    const paths = [
      ...CLOSED,
      '/healthz',
      '/readyz',
      '/login',
      '/language',
      '/feed.ics',
      assetPath('page.js'),
      '/assets/x/y',
    ];
    const statuses = new Set<number>();
    for (const path of paths)
      for (const headers of [HTML, BEARER, { ...HTML, ...BEARER }]) {
        const answer = await ask(stage, path, { headers });
        statuses.add(answer.status);
        const policy = answer.headers.get('Content-Security-Policy') ?? '';
        expect([path, policy]).toEqual([
          path,
          expect.stringContaining("default-src 'none'; script-src 'self'; style-src 'self'"),
        ]);
        expect(policy).not.toMatch(/unsafe|\*|https?:/);
        expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(answer.headers.get('Referrer-Policy')).toBe('same-origin');
        expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
        if (!path.startsWith('/assets/')) expect(answer.headers.get('Cache-Control')).toMatch(/^no-(?:store|cache)$/);
      }
    expect([...statuses].toSorted()).toEqual([200, 303, 401, 404, 500, 503]);
  });

  it('says that the store cannot be read: to people on a page, to programs as they read, with when to come again', async () => {
    const failing = () => Promise.reject(new StoreError('The disk of the store /srv/data is full; free some space.'));
    const stage = await openWebStage({
      openCounts: failing,
      taskPart: failing,
      accounts: failing,
      polls: failing,
      deliveries: failing,
      startingTasks: failing,
      task: failing,
      beats: failing,
    });
    const paths = [
      '/',
      '/health',
      '/timeline',
      '/tasks/prod/rep-1',
      '/metrics',
      '/feed.ics',
      '/api/tasks',
      '/api/polls',
      '/api/deliveries',
      '/api/tasks/rep-1',
    ];
    for (const path of paths)
      for (const headers of [BEARER, { ...HTML, ...BEARER, 'Accept-Language': 'zh' }]) {
        const answer = await stage.app.request(path, { headers });
        const text = await answer.text();
        expect([path, answer.status, answer.headers.get('Retry-After')]).toEqual([path, 503, '30']);
        expect(text).toContain('repairwatch health');
        expect(text).not.toMatch(/disk|srv/);
        const type = answer.headers.get('Content-Type');
        const isPage = 'Accept' in headers;
        expect([path, type]).toEqual([
          path,
          expect.stringMatching(path.startsWith('/api/') ? /json/ : isPage ? /html/ : /plain/),
        ]);
      }
  });

  it('tells of a failure neither the reason nor where it happened, but the log does', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
    const failing = () => Promise.reject(new Error('disk full at /srv/data'));
    const stage = await openWebStage({ openCounts: failing, taskPart: failing, accounts: failing }, { log });
    for (const path of ['/', '/health', '/api/tasks', '/metrics'])
      for (const headers of [BEARER, { ...HTML, ...BEARER }]) {
        const answer = await stage.app.request(path, { headers });
        expect([path, answer.status]).toEqual([path, 500]);
        expect(await answer.text()).not.toMatch(/disk full|\/srv|Error| at .*:\d+/);
      }
    expect(lines.every((line) => line.includes('"event":"page-failed"') && line.includes('disk full'))).toBe(true);
    expect(lines).toHaveLength(8);
  });

  it.each([
    '/assets/../page.js',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json/page.css',
    `${assetPath('page.css')}/../../../web-app.js`,
    `${assetPath('page.css')}%00`,
    '/assets/000000000000/page.css',
    '/assets/__proto__/constructor',
    `/assets/${assetPath('page.css').split('/')[2]}/..%2fguard.js`,
    '/../package.json',
    '/%2e%2e/package.json',
    '/tasks/..%2f..%2fetc/passwd',
    '/health/digests/..%2f..%2fetc%2fpasswd',
    '/health/digests/__proto__',
    '/%',
    '/tasks/prod/%E0%A4%A',
    '/tasks/prod/%00',
    `/tasks/prod/${'x'.repeat(8000)}`,
  ])('finds nothing at %s', async (path) => {
    const stage = await openWebStage();
    expect((await ask(stage, path, { headers: { ...HTML, ...BEARER } })).status).toBe(404);
  });

  it("to what is no form of ours is that it cannot be taken, and the failure is nobody else's", async () => {
    const lines: string[] = [];
    const stage = await openWebStage({}, { log: createLog({ level: 'info', write: (line) => void lines.push(line) }) });
    const broken = { 'Content-Type': 'multipart/form-data; boundary=x' };
    for (const path of ['/login', '/logout', '/tasks/prod/rep-1/ack'])
      for (const [body, headers, status] of [
        ['no part of it', broken, 400],
        [new URLSearchParams({ token: 'x'.repeat(70_000) }), {}, 413],
        [endless(), { 'Transfer-Encoding': 'chunked', 'Content-Type': 'application/x-www-form-urlencoded' }, 413],
      ] as const) {
        const length = body instanceof URLSearchParams ? { 'Content-Length': String(body.toString().length) } : {};
        const init = { method: 'POST', body, headers: { ...headers, ...length, ...BEARER }, duplex: 'half' } as const;
        expect([path, (await ask(stage, path, init)).status]).toEqual([path, status]);
      }
    expect(lines).toEqual([]);
  });

  it('is short for a very long address', async () => {
    const stage = await openWebStage();
    await pollThatFinds(stage.store, ['rep-1']);
    const answer = await stage.get(
      `/?text=${'%F0%9F%92%A5'.repeat(5_000)}&account=${'a'.repeat(8_000)}&zone=${'"'.repeat(8_000)}`,
    );
    expect(answer.status).toBe(200);
    expect((await answer.text()).length).toBeLessThan(30_000);
    const cut = await stage.get(`/?after=${'A'.repeat(8_000)}`);
    expect([cut.status, cut.headers.get('Location')]).toEqual([303, '/']);
  });

  it('to other methods is which ones there are, and to HEAD the headers alone', async () => {
    const stage = await openWebStage();
    await pollThatFinds(stage.store, ['rep-1']);
    for (const path of ['/', '/health', '/timeline', '/tasks/prod/rep-1', '/metrics', '/api/tasks', '/login']) {
      const allowed = path === '/login' ? 'GET, HEAD, POST' : 'GET, HEAD';
      for (const [method, status] of [
        ['PUT', 405],
        ['DELETE', 405],
        ['PATCH', 405],
        ['OPTIONS', 204],
      ] as const) {
        const answer = await ask(stage, path, { method, headers: BEARER });
        expect([path, method, answer.status, answer.headers.get('Allow')]).toEqual([path, method, status, allowed]);
      }
      if (path !== '/login') expect((await ask(stage, path, { method: 'POST', headers: BEARER })).status).toBe(405);
      const head = await stage.app.request(path, { method: 'HEAD', headers: BEARER });
      expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
    }
    for (const path of ['/logout', '/tasks/prod/rep-1/ack']) {
      const { status, headers } = await ask(stage, path, { headers: BEARER });
      expect([path, status, headers.get('Allow')]).toEqual([path, 405, 'POST']);
    }
    for (const path of ['/no/such/page', '/api/nothing', '/assets/x/page.css'])
      for (const method of ['GET', 'POST', 'OPTIONS'])
        if (method === 'GET' || !path.startsWith('/assets/'))
          expect((await ask(stage, path, { method, headers: BEARER })).status).toBe(404);
  });
});

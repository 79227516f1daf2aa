import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captured } from '../support/captured.ts';
import { fromTheNextPoll } from '../support/from-the-next-poll.ts';
import { type Service, type ServiceKit, startKit, timesMailed } from '../support/service-kit.ts';

/** An account of its own for each code, and the words of the remedy. */
const BLOCKED = [
  { name: 'no-key', code: 'AuthFailure.SecretIdNotFound', remedy: 'check that the key exists, is enabled' },
  { name: 'bad-signature', code: 'AuthFailure.SignatureFailure', remedy: 'check secretId and secretKey' },
  { name: 'no-permission', code: 'UnauthorizedOperation.CamNoAuth', remedy: 'the action cvm:DescribeTaskInfo' },
  { name: 'black-listed', code: 'IpInBlacklist', remedy: "allow this host's address" },
  { name: 'not-listed', code: 'IpNotInWhitelist', remedy: "allow this host's address" },
] as const;
const NAMES = ['sound', ...BLOCKED.map(({ name }) => name)];
const SECRET = 'secret0key0of0';

const keyOf = (name: string) => ({ secretId: `AKID0${name}`, secretKey: SECRET + name });
const pendingIn = (name: string): string => `rep-waits-in-${name}`;

let kit: ServiceKit;
let services: Service[];

beforeAll(async () => {
  kit = await startKit({ sandbox: { keys: NAMES.map(keyOf) } });
  kit.configure({
    accounts: NAMES.map((name) => ({ name, endpoint: kit.sandbox.url, ...keyOf(name) })),
    digests: [{ name: 'morning', schedule: '0 9 1 1 *', timezone: 'UTC', channels: ['slack'] }],
  });
  for (const name of NAMES) kit.sandbox.world(keyOf(name).secretId).add({ TaskId: pendingIn(name) });
  const first = kit.start();
  services = [first];
  await Promise.all(NAMES.map((name) => first.waitForLog('backfill-finished', ({ account }) => account === name)));
  await Promise.all(NAMES.map((name) => kit.hook.accepted.until(({ body }) => body.includes(pendingIn(name)))));
  for (const { name, code } of BLOCKED) {
    const { secretId, secretKey } = keyOf(name);
    // What an API repeats of a request must not come out again.
    const message = `The key ${secretKey} may not.`;
    kit.sandbox.fault({ kind: 'blocked', code, key: secretId, message, when: fromTheNextPoll() });
  }
  await Promise.all(
    BLOCKED.map(({ name, code }) => kit.mail.messages.until(({ email }) => says(email.text, name, code))),
  );
  await first.waitForLog('poll-finished', () => endedAfter('sound', firstBlocked()) >= 4);
});

afterAll(() => kit.close());

const says = (text: string | undefined, ...words: readonly string[]): boolean =>
  words.every((word) => text?.includes(word));

const blockedLine = (line: { readonly event: string; readonly result?: unknown }): boolean =>
  line.event === 'poll-finished' && line.result === 'incomplete';

const firstBlocked = (): number => services[0]?.log.findIndex(blockedLine) ?? -1;

/** Polls of the account that ended after that line of the log. */
const endedAfter = (name: string, index: number): number =>
  services[0]?.log.slice(index).filter(({ event, account }) => event === 'poll-finished' && account === name).length ??
  0;

const look = async (...args: readonly string[]): Promise<string> => (await kit.run(args)).stdout;

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('an account that may not be read', () => {
  it.each(BLOCKED)('by $code is told to the operator once, with the remedy', ({ name, code, remedy }) => {
    expect(timesMailed(kit, `读取账号 ${name}（`)).toBe(1);
    const mail = kit.mail.messages.entries.find(({ email }) => says(email.text, name, code));
    expect(flat(mail?.email.text ?? '')).toContain(remedy);
    expect(flat(mail?.email.text ?? '')).toContain('待授权情况未知');
  });

  it.each(BLOCKED)('by $code is asked once for each set, then left alone while its neighbour is read', ({ name }) => {
    const refused = kit.sandbox.answers.entries.filter(
      ({ arrival, outcome }) => arrival.secretId === keyOf(name).secretId && outcome === 'fault:blocked',
    );
    expect(refused.map(({ arrival }) => Object(arrival.params).TaskStatus)).toEqual([[1, 2, 4], undefined]);
    expect(endedAfter(name, firstBlocked())).toBe(1);
    const sound = services[0]?.log.filter(({ event, account }) => event === 'poll-finished' && account === 'sound');
    expect(sound?.every(({ result }) => result === 'complete')).toBe(true);
  });

  it('is incomplete in the ledger with code and remedy, and its checkpoint stays', async () => {
    for (const { name, code, remedy } of BLOCKED) {
      const [newest] = JSON.parse(await look('polls', '--account', name, '--limit', '1', '--json'));
      expect(newest).toMatchObject({ kind: 'poll', result: 'incomplete', requests: 2, retries: 0, throttles: 0 });
      expect(newest).toMatchObject({ sets: [{ set: 'live', complete: false, requests: 1, totalCount: null }, {}] });
      expect(newest.checkpointAfter).toBe(newest.checkpointBefore);
      expect(newest.reason).toContain(code);
      expect(newest.reason).toContain(remedy);
    }
  });

  it('is "not known" in `list`, a digest and `polls`, never 0 tasks, and what waited there is still shown', async () => {
    const [list, json, digest, polls] = await Promise.all([
      look('list', '--language', 'en'),
      look('list', '--json'),
      look('digest', 'morning', '--preview', '--language', 'en'),
      look('polls', '--account', 'no-key', '--limit', '1'),
    ]);
    const { accounts } = JSON.parse(json);
    for (const { name } of BLOCKED) {
      expect(accounts).toContainEqual(expect.objectContaining({ account: name, known: false }));
      for (const text of [list, digest]) {
        expect(flat(text)).toContain(pendingIn(name));
        expect(flat(text)).toContain(`${name}: not known, last read completely`);
      }
    }
    expect(polls).toMatch(/ incomplete +2 +unknown *$/m);
  });
});

it('a restart tries each at once; one that may be read again is told, and no task is told twice', async () => {
  await services[0]?.stop();
  kit.sandbox.clearFaults();
  services = [...services, kit.start()];
  await Promise.all(
    BLOCKED.map(({ name }) => kit.mail.messages.until(({ email }) => says(email.text, `账号 ${name} 已可正常读取`))),
  );
  await services[1]?.polls(2);
  for (const { name } of BLOCKED) expect(timesMailed(kit, `账号 ${name} 已可正常读取`)).toBe(1);
  for (const name of NAMES) {
    const tellings = kit.hook.accepted.entries.filter(({ body }) => body.includes(pendingIn(name)));
    expect(tellings, name).toHaveLength(1);
  }
});

it('no secret key is in what was printed, sent or stored', async () => {
  const ends = await Promise.all(services.map((service) => service.stop()));
  const texts = captured(kit, ends);
  expect(texts.join('').length).toBeGreaterThan(10_000);
  for (const text of texts) expect(text).not.toContain(SECRET);
});

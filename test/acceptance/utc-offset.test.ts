import { afterEach, beforeEach, expect, it } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type Service, type ServiceKit, startKit } from '../support/service-kit.ts';

const { secretId, secretKey } = SANDBOX_KEY;
const FUTURE = /创建时间比当前晚 \d+ 小时/;
const PROVEN_SECOND = /已完整读取过的时间点/;

let kit: ServiceKit;

beforeEach(async () => {
  // The API's own offset is +08:00.
  kit = await startKit();
});

afterEach(() => kit.close());

async function startWith(utcOffset: string): Promise<Service> {
  kit.configure({ accounts: [{ name: 'prod', endpoint: kit.sandbox.url, secretId, secretKey, utcOffset }] });
  const service = kit.start();
  await service.waitForLog('backfill-finished');
  // A poll that began while the history was not read yet knows of no sign, and may be the one that sees the next task.
  await service.polls(1);
  return service;
}

async function expectTold(...aliases: readonly string[]): Promise<void> {
  for (const alias of aliases) {
    kit.sandbox.world().add({ Alias: alias });
    await kit.hook.accepted.until(({ body }) => body.includes(alias));
  }
}

const mailSays = (sign: RegExp) => kit.mail.messages.until(({ email }) => sign.test(email.text ?? ''));

it.each(['+00:00', '+09:00', '-05:00', '+14:00'])(
  'with a utcOffset of %s where +08:00 is right nothing pending is missed',
  async (utcOffset) => {
    kit.sandbox.world().add({ Alias: 'there-before' });
    await startWith(utcOffset);
    await kit.hook.accepted.until(({ body }) => body.includes('there-before'));
    await expectTold('first-after', 'second-after');
  },
);

it('one that is too small is told by the first new task: its time lies in the future', async () => {
  await startWith('+00:00');
  await expectTold('first');
  await mailSays(FUTURE);
});

it.each([0, 3])(
  'one that is too great is told by the first new task of an account that had %d: its time was read already',
  async (before) => {
    for (let made = 0; made < before; made += 1) kit.sandbox.world().add();
    await startWith('+09:00');
    await expectTold('first');
    await mailSays(PROVEN_SECOND);
  },
);

it('the right one gives no sign', async () => {
  const service = await startWith('+08:00');
  await expectTold('first', 'second');
  await service.polls(2);
  await service.stop();
  expect(kit.mail.messages.entries.map(({ email }) => email.subject)).toEqual([]);
});

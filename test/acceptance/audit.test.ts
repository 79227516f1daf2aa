import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/clock.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/registry.ts';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';
import { pollEnd } from '../support/store-world.ts';

let kit: ServiceKit;
/** What happens when a request of an audit arrives. */
let onAudit: () => void;

beforeEach(async () => {
  onAudit = () => undefined;
  kit = await startKit({
    sandbox: {
      onRequest: (arrival) => {
        if (isOfAnAudit(arrival)) onAudit();
      },
    },
  });
  kit.configure({ poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' } });
});

afterEach(() => kit.close());

/** No other set has a window with an end, of every status, that begins a month ago: the first backfill is over by then. */
function isOfAnAudit({ params }: Arrival): boolean {
  const asked = params as Readonly<Record<string, unknown>>; // the service sends an object
  return asked['EndDate'] !== undefined && asked['TaskStatus'] === undefined && asked['TaskIds'] === undefined;
}

/** As if the account's history had been read two days ago, and not since. */
async function ageHistory(): Promise<void> {
  const at = Date.now() - 2 * DAY_MS;
  const store = await openStore(
    { engine: 'sqlite', path: kit.file.storePath },
    { mode: 'owner', clock: { now: () => at } },
  );
  const { poll } = await store.beginPoll('prod', 'audit', at);
  await store.endPoll(poll, pollEnd({ endedAt: at + 1 }));
  await store.close();
}

const look = async (...args: readonly string[]) => (await kit.run(args)).stdout;

it('the day’s audit tells what the polls had not found, once a day, and the ledger shows it', async () => {
  const world = kit.sandbox.world();
  world.add({ TaskId: 'rep-known', TaskStatus: 3 });
  const first = kit.start();
  await first.waitForLog('backfill-finished');
  await first.stop();
  await ageHistory();
  onAudit = () => {
    onAudit = () => undefined;
    const CreateTime = kit.sandbox.time(Date.now() - 3 * DAY_MS);
    world.add({ TaskId: 'rep-late', CreateTime });
    world.add({ TaskId: 'rep-over', CreateTime, TaskStatus: 3 });
  };
  const second = kit.start();
  const line = await second.waitForLog('audit-finished');
  expect(line).toMatchObject({ level: 'warn', complete: true, tasks: 3, found: { pending: 1, open: 0, closed: 1 } });
  await kit.hook.accepted.until((request) => textOf(request).includes('rep-late'));
  const mail = await kit.mail.messages.until(({ email }) => (email.text ?? '').includes('rep-late'));
  const id = String(line['poll']);
  expect(mail.email.text).toContain(`repairwatch polls ${id}`);
  await second.stop();

  await look('once');
  const ledger: readonly { kind: string }[] = JSON.parse(await look('polls', '--json'));
  expect(ledger.filter(({ kind }) => kind === 'audit')).toHaveLength(2); // the aged one, and the day's
  expect(await look('polls', '--limit', '9')).toMatch(
    new RegExp(`^${id} +prod +audit .* complete +\\d+ +3\\n {4}found what no poll had shown: 1 pending`, 'm'),
  );
  expect(await look('polls', id)).toMatch(/^Not found by polls +1 pending, 0 processing or scheduled, 1 closed$/m);
  const detail = JSON.parse(await look('polls', id, '--json'));
  expect(detail).toMatchObject({
    kind: 'audit',
    result: 'complete',
    setAsideRows: [],
    sets: [{ set: 'audit', distinct: 3, totalCount: 3, found: { pending: 1, closed: 1 } }],
  });
});

it('a row that could not be read is in the detail of its poll, harmless', async () => {
  kit.sandbox.world().add({ TaskId: 'rep-a' });
  const row = { TaskId: 'rep-bad', TaskStatus: {}, Alias: '\u001b[31mred\u202e' };
  kit.sandbox.fault({ kind: 'garbage-row', row });
  const service = kit.start();
  const { poll } = await service.waitForLog('poll-finished');
  await service.stop();
  const text = await look('polls', String(poll));
  expect(text).toMatch(/^rep-bad +TaskStatus is /m);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  const { setAsideRows } = JSON.parse(await look('polls', String(poll), '--json'));
  expect(JSON.parse(setAsideRows[0].raw)).toEqual(row);
  const unknown = await kit.run(['polls', '999']);
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no poll "999"') });
});

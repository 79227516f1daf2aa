import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/clock.ts';
import { type Service, type ServiceKit, startKit } from '../support/service-kit.ts';

/** One service whose wall clock the test sets. */
interface Scene {
  readonly kit: ServiceKit;
  readonly service: Service;
  /** How far its wall clock is ahead from now on. */
  setAhead(ms: number): void;
}

async function open(): Promise<Scene> {
  const kit = await startKit();
  // Every hour, so that a jump of an hour passes exactly one digest's time.
  const hourly = { name: 'hourly', schedule: '0 * * * *', timezone: 'UTC', channels: ['slack'] };
  kit.configure({ digests: [hourly], reminders: ['1h'] });
  const file = join(kit.file.directory, 'clock-ahead');
  const setAhead = (ms: number): void => {
    writeFileSync(`${file}.new`, String(ms));
    renameSync(`${file}.new`, file); // so that nobody reads half of it
  };
  setAhead(0);
  const preload = new URL('../support/clock-preload.ts', import.meta.url).href;
  // The task is there before the first poll.
  kit.sandbox.world().add({ Alias: 'before the jump', AuthTime: later(kit, 90 * MINUTE_MS) });
  const service = kit.start({ NODE_OPTIONS: `--import=${preload}`, CLOCK_AHEAD_FILE: file });
  return { kit, service, setAhead };
}

function later({ sandbox }: ServiceKit, ms: number): string {
  return sandbox.time(sandbox.now() + ms);
}

interface LedgerRow {
  readonly result: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly checkpointAfter: string | null;
}

async function ledger(kit: ServiceKit): Promise<readonly LedgerRow[]> {
  const { stdout } = await kit.run(['polls', '--limit', '500', '--json']);
  return JSON.parse(stdout) as LedgerRow[]; // the command's own form
}

/** The clock-jumped line of this jump, then polls that began after it. */
async function jump({ service, setAhead }: Scene, toMs: number, byMs: number): Promise<void> {
  setAhead(toMs);
  await service.waitForLog('clock-jumped', (line) => Math.abs(Number(line['jumpedMs']) - byMs) < MINUTE_MS);
  await service.polls(3);
}

/** The looks at the clock are up to 15 s apart, and each test waits for two of them. */
const TIMEOUT_MS = 180_000;

it.concurrent.each([HOUR_MS, -HOUR_MS])(
  'a host clock that jumps by %d ms and back while the service runs stops no poll, repeats nothing and misses nothing',
  async (jumpMs) => {
    const scene = await open();
    await playJump(scene, jumpMs).finally(() => scene.kit.close());
  },
  TIMEOUT_MS,
);

it.concurrent(
  'a host clock that is set forward by thirty days costs a poll each second one tick, not two million',
  async () => {
    const scene = await open();
    await playMonth(scene).finally(() => scene.kit.close());
  },
  TIMEOUT_MS,
);

async function playMonth({ kit, service, setAhead }: Scene): Promise<void> {
  // Until then the clock is looked at each second, and might be before the schedule.
  await service.polls(4);
  setAhead(30 * DAY_MS);
  await service.polls(5);
  kit.sandbox.world().add({ Alias: 'after the jump', AuthTime: later(kit, 10 * HOUR_MS) });
  await kit.hook.accepted.until(({ body }) => body.includes('after the jump'));
  const memory = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  await service.stop();
  expect(Number(/VmHWM:\s+(\d+) kB/.exec(memory)?.[1])).toBeLessThan(200_000);
  // None where the look at the clock came first.
  expect(service.log.filter(({ event }) => event === 'polls-missed').length).toBeLessThanOrEqual(1);
}

async function playJump(scene: Scene, jumpMs: number): Promise<void> {
  const { kit, service } = scene;
  const world = kit.sandbox.world();
  await service.polls(2);
  await jump(scene, jumpMs, jumpMs);
  world.add({ Alias: 'during the jump', AuthTime: later(kit, 10 * HOUR_MS) });
  await kit.hook.accepted.until(({ body }) => body.includes('during the jump'));
  await jump(scene, 0, -jumpMs);
  world.add({ Alias: 'after the jump', AuthTime: later(kit, 10 * HOUR_MS) });
  const last = await kit.hook.accepted.until(({ body }) => body.includes('after the jump'));
  await service.polls(1);
  await service.stop();

  const made = (event: string) => service.log.filter((line) => line.event === event);
  expect(made('reminder-made').length).toBeLessThanOrEqual(1);
  const digests = made('digest-made').map((line) => line['scheduledAt']);
  expect(new Set(digests).size).toBe(digests.length);
  expect(digests.length).toBeLessThanOrEqual(2);
  // The text's time left goes by the clock that is right again.
  expect(last.body).toMatch(/in 9 h 5\d min|in 10 h/);
  const subjects = kit.mail.messages.entries.map(({ email }) => email.subject).join('\n');
  expect(subjects).toContain('本机时钟不准');
  expect(subjects).not.toContain('未完整读取');

  const polls = await ledger(kit);
  const durations = polls.map(({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt));
  expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...durations)).toBeLessThan(50 * SECOND_MS);
  const checkpoints = polls.map(({ checkpointAfter }) => Date.parse(checkpointAfter ?? '1970-01-01T00:00:00Z'));
  expect(Math.max(...checkpoints)).toBeLessThanOrEqual(kit.sandbox.now());
  expect(polls.filter(({ result }) => result !== 'complete').map(({ result }) => result)).toEqual([]);
  const refusals = kit.sandbox.answers.entries.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'ok');
  expect(new Set(refusals)).toEqual(new Set(['AuthFailure.SignatureExpire']));
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { writeConfigFile } from '../support/config-file.ts';
import { runProgram } from '../support/program.ts';

const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati'];
const PRELOAD = new URL('../support/clock-preload.ts', import.meta.url).href;

/** What a first `once` asked for on a host in that zone at that moment, and that it told of the task created a minute before. */
async function requestsOf(zone: string, at: number): Promise<readonly unknown[]> {
  // The server's clock stands still, so that what depends on it is the same in every run.
  const clock: Clock = { ...systemClock, now: () => at };
  const [sandbox, hook] = await Promise.all([startSandbox({ clock }), startSlackHook()]);
  const file = writeConfigFile({ sandbox, hook }, { digests: [] });
  try {
    sandbox.world().add({ Alias: 'born-just-now', CreateTime: sandbox.time(at - 60_000) });
    const ahead = join(file.directory, 'clock-ahead');
    writeFileSync(ahead, String(at - Date.now()));
    const env = { TZ: zone, NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK_AHEAD_FILE: ahead };
    const end = await runProgram(['once', '--config', file.path], { env });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(hook.accepted.entries.map(({ body }) => body).join()).toContain('born-just-now');
    return sandbox.arrivals.entries.map(({ params }) => params);
  } finally {
    await Promise.all([sandbox.close(), hook.close()]);
    file.remove();
  }
}

it.each([
  ['midnight in Beijing', '2026-07-15T16:00:10Z', '2026-07-15 23:50:09'],
  ['the beginning of a year', '2026-12-31T16:00:10Z', '2026-12-31 23:50:09'],
  ['the end of 29 February', '2028-02-29T16:00:10Z', '2028-02-29 23:50:09'],
  ['the hour that New York has twice', '2026-11-01T06:30:00Z', '2026-11-01 14:19:59'],
  ['the half hour that Lord Howe leaves out', '2026-10-03T15:45:00Z', '2026-10-03 23:34:59'],
])('at %s the requests are the same whatever zone the host is in', async (_, utc, newSince) => {
  const asked = await Promise.all(ZONES.map((zone) => requestsOf(zone, Date.parse(utc))));
  const [first = []] = asked;
  expect(first).toContainEqual(expect.objectContaining({ StartDate: newSince }));
  for (const requests of asked) expect(requests).toEqual(first);
});

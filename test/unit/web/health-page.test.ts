import { expect, it } from 'vitest';
import { claimedOf, LANE, LEASE_MS, oneEach, pollEnd, pollThatFinds, T0 } from '../../support/store-world.ts';
import { openWebStage } from '../../support/web-stage.ts';

it('says that all is well only once every account was read', async () => {
  const stage = await openWebStage();
  const well = 'All accounts are read, all channels are up, nothing is stuck.';
  const before = await (await stage.get('/health')).text();
  expect(before).not.toContain(well);
  expect(before).toContain('not known');
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  await stage.store.endPoll(poll, pollEnd({ endedAt: T0 }));
  expect(await (await stage.get('/health')).text()).toContain(well);
});

it('shows a channel that is down, what waits for it, and what the operator was told', async () => {
  const stage = await openWebStage();
  await pollThatFinds(stage.store, ['rep-a']);
  await stage.store.raise({ at: T0, code: 'lane-down', subject: 'slack', facts: { channel: 'slack' } }, []);
  await stage.clock.advance(65_000);
  const html = await (await stage.get('/health')).text();
  expect(html).toContain('down since Tue 2026-11-24 12:00 GMT+8');
  expect(html).toContain('Channel slack is down');
  expect(html).toMatch(/data-count="relative">1 min ago/);
});

it('shows dead messages with the way to send them again, and polls that were not whole with the reason', async () => {
  const stage = await openWebStage();
  await pollThatFinds(stage.store, ['rep-a']);
  const claimed = claimedOf(await stage.store.claim(LANE, T0, LEASE_MS, oneEach));
  await stage.store.settle(claimed, { state: 'dead', at: T0, reason: 'refused' });
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  const reason = 'HTTP 502 <script>';
  const set = { set: 'live', complete: false, reason, requests: 7, distinct: 3, totalCount: 9, setAside: 0 } as const;
  await stage.store.endPoll(poll, pollEnd({ result: 'incomplete', reason, throttles: 2, sets: [set] }));
  const html = await (await stage.get('/health')).text();
  expect(html).toContain('1 message could not be delivered');
  expect(html).toContain('HTTP 502 &lt;script&gt;');
  expect(html).toMatch(/<title>[^<]*: incomplete, 7 requests, 1.0 s, 2 throttled<\/title><rect class="part"/);
});

it('draws of each account’s polls the requests, the duration and the throttles, each on a scale of its own', async () => {
  const stage = await openWebStage();
  const poll = async (requests: number, seconds: number, throttles: number) => {
    const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
    const set = {
      set: 'live',
      complete: true,
      reason: null,
      requests,
      distinct: 1,
      totalCount: 1,
      setAside: 0,
    } as const;
    await stage.store.endPoll(poll, pollEnd({ endedAt: T0 + seconds * 1000, throttles, sets: [set] }));
  };
  await poll(4, 2, 0);
  await poll(8, 1, 3);
  const html = await (await stage.get('/health')).text();
  expect(html).toContain('aria-label="prod: Requests: up to 8; Duration: up to 2.0 s; Throttled: up to 3"');
  const heights = [...html.matchAll(/<rect class="(whole|throttled)" [^>]*height="(\d+)"\/>/g)].map(
    ([, look, height]) => [look, height],
  );
  const bars = [
    ['whole', '16'],
    ['whole', '32'],
    ['whole', '32'],
    ['whole', '16'],
    ['throttled', '32'],
  ];
  expect(heights.filter(([, height]) => height !== '10')).toEqual(bars);
  for (const says of ['complete', 'not complete, or not known', 'requests that the API refused as too many'])
    expect(html).toContain(`${says}</li>`);
});

it('says why an account is blocked and what to do, and of which value another trouble is', async () => {
  const stage = await openWebStage();
  const reason = 'AuthFailure.SecretIdNotFound: no such key <b>';
  const { poll } = await stage.store.beginPoll('prod', 'poll', T0);
  await stage.store.endPoll(poll, pollEnd({ result: 'incomplete', reason }));
  await stage.store.raise({ at: T0, code: 'account-blocked', subject: 'prod', facts: {} }, []);
  await stage.store.raise({ at: T0, code: 'unknown-value', subject: 'prod AuthType 99', facts: {} }, []);
  const html = await (await stage.get('/health')).text();
  expect(html).toContain('read account prod (AuthFailure.SecretIdNotFound: no such key &lt;b&gt;), so what is pending');
  expect(html).toContain('repairwatch check --online');
  expect(html).toContain('<strong>Unknown value in account prod: AuthType 99</strong>');
});

it('shows a trouble that it has no words for, as a newer version on the same store may tell one', async () => {
  const stage = await openWebStage();
  // What the types rule out here, another version's may not.
  const code = 'from-tomorrow' as 'lane-down';
  await stage.store.raise({ at: T0, code, subject: '<i>x', facts: {} }, []);
  expect(await (await stage.get('/health')).text()).toContain('<strong>from-tomorrow &lt;i&gt;x</strong>');
});

it('shows what a digest would say, and nothing of one that is not configured', async () => {
  const stage = await openWebStage();
  expect((await stage.get('/health/digests/nobody')).status).toBe(404);
});

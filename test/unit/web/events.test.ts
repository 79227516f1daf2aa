import { expect, it } from 'vitest';
import { openWebStage, TOKEN } from '../../support/web-stage.ts';

const MOST = 200;

it('keeps nothing of readers that ask for the headers alone, however many they are', async () => {
  const stage = await openWebStage();
  const headers = { Authorization: `Bearer ${TOKEN}` };
  for (let asked = 0; asked <= MOST; asked += 1) {
    const head = await stage.app.request('/events', { method: 'HEAD', headers });
    expect([asked, head.status, head.headers.get('Content-Type')]).toEqual([asked, 200, 'text/event-stream']);
  }
  expect(stage.clock.sleepers()).toBe(0);
  const listening = await stage.get('/events');
  expect(listening.status).toBe(200);
  await listening.body?.cancel();
});

it('lets so many listen and no more, and others once these are gone', async () => {
  const stage = await openWebStage();
  const listening = await Promise.all(Array.from({ length: MOST }, () => stage.get('/events')));
  expect(listening.every(({ status }) => status === 200)).toBe(true);
  expect((await stage.get('/events')).status).toBe(503);
  await Promise.all(listening.map(({ body }) => body?.cancel()));
  const next = await stage.get('/events');
  expect(next.status).toBe(200);
  await next.body?.cancel();
});

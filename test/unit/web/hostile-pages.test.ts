import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { hostileTaskOf } from '../../support/hostile-messages.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.ts';
import { hiddenIn } from '../../support/safe-output.ts';
import { page, pollEnd, T0 } from '../../support/store-world.ts';
import { openWebStage, TOKEN, type WebStage } from '../../support/web-stage.ts';

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9-]*(?:="[^"]*")?)*)\s*\/?>/gi;
const ATTRIBUTE = /([a-z][a-z0-9-]*)(?:="([^"]*)")?/gi;
/** The console, the page itself, and nothing else. */
const OWN_ADDRESS = /^(?:\/(?![/\\])|#|https:\/\/console\.cloud\.tencent\.com\/)/;

/** Two tasks with that text everywhere, one of them also as its id; and a poll that went wrong with it. */
async function stageWith(text: string): Promise<WebStage> {
  const stage = await openWebStage();
  const { store } = stage;
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  const row = (taskId: string, authTime: number) => ({
    account: 'prod',
    task: hostileTaskOf(text, { taskId, authTime, taskStatus: 1 }),
    ending: null,
    firstSeenAt: T0,
    changedAt: T0,
    absentPolls: 0,
    toldAuthTime: null,
    revision: 1,
  });
  const write = [row('rep-1', T0 + HOUR_MS), row(text, T0 + 2 * HOUR_MS)];
  const changes = write.map(({ task }) => ({ taskId: task.taskId, at: T0, from: null, to: 1, event: null }));
  await store.commitPage(poll, [], () => page({ write, changes }));
  await store.finishLive(poll, T0);
  await store.endPoll(poll, pollEnd({ endedAt: T0, result: 'incomplete', reason: text }));
  await store.acknowledge({ account: 'prod', taskId: 'rep-1', by: text, until: null, revision: 1 }, T0);
  return stage;
}

const pathsOf = (text: string): readonly string[] => {
  const query = encodeURIComponent(text.toWellFormed().slice(0, 500));
  return [
    '/',
    `/?text=${query}`,
    `/?status=open&zone=${query}&account=${query}&product=${query}`,
    '/timeline?by=zone',
    '/health',
    '/tasks/prod/rep-1',
    `/tasks/prod/${query}`,
    `/tasks/${query}/rep-1`,
    `/health/digests/${query}`,
    `/no/${query}`,
  ];
};

const locationOf = (answer: Response): string => answer.headers.get('Location') ?? '';

async function pagesOf(text: string): Promise<readonly string[]> {
  const stage = await stageWith(text);
  const pages: string[] = [];
  for (const language of ['en', 'zh-CN'])
    for (const path of pathsOf(text)) {
      const headers = { Authorization: `Bearer ${TOKEN}`, 'Accept-Language': language, Accept: 'text/html' };
      const asked = await stage.app.request(path, { headers });
      // A field that holds nothing is left out of the address.
      const answer = asked.status === 303 ? await stage.app.request(locationOf(asked), { headers }) : asked;
      expect([200, 404]).toContain(answer.status);
      pages.push(await answer.text());
    }
  return pages;
}

/** Every kind of tag and of its attributes, the addresses that it leads to, and what a reader reads. */
function takenApart(html: string) {
  const tags = [...html.matchAll(TAG)];
  const attributes = tags.flatMap(([, , tag = '', given = '']) =>
    [...given.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => ({ kind: `${tag} ${name}`, name, value })),
  );
  return {
    kinds: new Set([...tags.map(([, , tag = '']) => tag), ...attributes.map(({ kind }) => kind)]),
    addresses: attributes.filter(({ name }) => ['href', 'src', 'action'].includes(name)).map(({ value }) => value),
    text: html.replace('<!DOCTYPE html>', '').replaceAll(TAG, ''),
  };
}

describe.each(HOSTILE_TEXTS)('%s, in every field of a task and in every address,', (_, text) => {
  it('is text on every page', async () => {
    const plain = await pagesOf('plain');
    const known = new Set(plain.flatMap((html) => [...takenApart(html).kinds]));
    for (const html of await pagesOf(text)) {
      const { kinds, addresses, text: read } = takenApart(html);
      expect([...kinds].filter((kind) => !known.has(kind))).toEqual([]);
      expect(addresses.filter((address) => !OWN_ADDRESS.test(address))).toEqual([]);
      expect(read).not.toMatch(/[<>]/);
      expect(hiddenIn(read)).toEqual([]);
      expect(html.length).toBeLessThan(300_000);
    }
  });
});

it('a tag or an attribute that got through would be noticed', () => {
  const plain = takenApart('<p class="a">x</p>').kinds;
  expect([...takenApart('<p onclick="x">x</p><b>').kinds].filter((kind) => !plain.has(kind))).toEqual([
    'b',
    'p onclick',
  ]);
  expect(takenApart('<p class="a"b">x</p>').text).toMatch(/[<>]/);
});

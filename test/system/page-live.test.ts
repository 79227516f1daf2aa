import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import { launchChromium, openWindow, showFilters, visibleTexts } from '../support/browser.ts';
import { type PageService, startPageService } from '../support/page-service.ts';
import { FIRST, fillPageWorld, SOONER, taskPageOf } from '../support/page-world.ts';
import { signIn } from '../support/sign-in.ts';

let service: PageService;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService({ prepare: fillPageWorld }), launchChromium()]);
});

afterAll(async () => {
  await Promise.all([browser.close(), service.close()]);
});

/** A reload would lose this. */
const MARK = 'globalThis.wasHere = true';
const isMarked = 'globalThis.wasHere === true';
const FOCUSED =
  'document.activeElement.id || document.activeElement.name || document.activeElement.getAttribute("href")';

describe('a page that is left open', () => {
  it('shows a new task and one that left, without a reload, and keeps focus, folds and what is being typed', async () => {
    const { page, complaints, close } = await openWindow(browser);
    await signIn(page, service.origin, '/?status=open');
    await page.evaluate(MARK);
    await page.locator('#f-text').fill('half a wo');
    const fold = page.locator('li.task details').first();
    await fold.locator('summary').click();
    await page.locator(`a[href="${taskPageOf('rep-calm0001')}"]`).focus();
    const before = await page.evaluate(FOCUSED);

    const world = service.sandbox.world();
    const AuthTime = service.sandbox.time(service.sandbox.now() + 5 * HOUR_MS);
    world.add({ TaskId: 'rep-live0001', Alias: 'came-just-now', AuthTime });
    await page.getByRole('link', { name: 'came-just-now' }).waitFor();
    world.set('rep-live0001', { TaskStatus: 3 });
    await page.getByRole('link', { name: 'came-just-now' }).waitFor({ state: 'detached' });

    // The task with the focus changes its place.
    world.set('rep-calm0001', { AuthTime: service.sandbox.time(service.sandbox.now() + HOUR_MS / 2) });
    await page.locator('li.task').filter({ hasText: 'rep-calm0001' }).locator('.urgent').waitFor();

    expect(await page.evaluate(isMarked)).toBe(true);
    expect(await page.evaluate(FOCUSED)).toBe(before);
    expect(await page.locator('#f-text').inputValue()).toBe('half a wo');
    expect(await fold.getAttribute('open')).toBe('');
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows on a task’s page what became of it, and refuses an acknowledgement of what it was', async () => {
    const { page, close } = await openWindow(browser);
    await signIn(page, service.origin, taskPageOf(SOONER.TaskId));
    await page.evaluate(MARK);
    const by = page.locator('#ack-by');
    await by.fill('Mei');
    const revision = page.locator('form[action$="/ack"] input[name=revision]').first();
    const seen = await revision.getAttribute('value');
    const steps = await page.locator('main ol li').count();

    service.sandbox.world().set(SOONER.TaskId, { AuthType: 8 });
    await page.locator('main .tag.risk').first().waitFor();
    expect(await page.locator('main ol li').count()).toBeGreaterThan(steps);
    expect(await page.evaluate(isMarked)).toBe(true);
    // What a person is filling in keeps the revision that it was begun with.
    expect([await by.inputValue(), await revision.getAttribute('value')]).toEqual(['Mei', seen]);
    await by.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(`revision ${seen}`);
    expect(await page.locator('#ack-by').inputValue()).toBe('Mei');

    await page.locator('#ack-by').press('Enter');
    await page.getByText('Acknowledged. There are no reminders').waitFor();
    service.sandbox.world().set(SOONER.TaskId, { AuthType: 2 });
    await page.locator('main .tag.risk').first().waitFor({ state: 'detached' });
    await close();
  });

  it('brings itself up to date when the service comes back', async () => {
    // The page of a service of its own, which is started anew.
    const own = await startPageService({ prepare: fillPageWorld });
    const { page, close } = await openWindow(browser);
    await signIn(page, own.origin);
    await page.evaluate(MARK);
    own.program.kill('SIGKILL');
    await own.program.exited;
    own.sandbox.world().set(FIRST.TaskId, { Alias: 'renamed-meanwhile' });
    await page.getByText('Not up to date: repairwatch was last heard').waitFor();
    const again = own.start(['run']);
    await again.waitForLog('page-served');
    await page.getByText('renamed-meanwhile').first().waitFor();
    await page.getByText('Not up to date: repairwatch was last heard').waitFor({ state: 'hidden' });
    expect(await page.evaluate(isMarked)).toBe(true);
    await close();
    await own.close();
  });
});

it('keeps no connection while it is not seen, so that a browser can open many, and is brought up to date when it is', async () => {
  const { context, page, complaints, close } = await openWindow(browser);
  await signIn(page, service.origin);
  // A browser without a screen takes every tab for seen.
  await context.addInitScript(`Object.defineProperty(document, 'visibilityState', {
    get: () => (globalThis.isSeen ? 'visible' : 'hidden') })`);
  const tabs = await Promise.all(Array.from({ length: 7 }, () => context.newPage()));
  for (const tab of tabs) await tab.goto(service.origin);
  const [tab] = tabs;
  const world = service.sandbox.world();
  const AuthTime = service.sandbox.time(service.sandbox.now() + 5 * HOUR_MS);
  world.add({ TaskId: 'rep-unseen001', Alias: 'came-unseen', AuthTime });
  await page.getByRole('link', { name: 'came-unseen' }).waitFor();
  expect(await tab?.getByRole('link', { name: 'came-unseen' }).count()).toBe(0);
  await tab?.evaluate('globalThis.isSeen = true; document.dispatchEvent(new Event("visibilitychange"))');
  await tab?.getByRole('link', { name: 'came-unseen' }).waitFor();
  world.set('rep-unseen001', { TaskStatus: 3 });
  // Gone before the next test counts.
  await page.getByRole('link', { name: 'came-unseen' }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await close();
});

it('has one connection for all windows of a browser, so that a tenth is loaded and each is up to date', async () => {
  const { context, page, complaints, close } = await openWindow(browser);
  await signIn(page, service.origin);
  const others = await Promise.all(Array.from({ length: 9 }, () => context.newPage()));
  // As in a browser that has no shared workers.
  await others[0]?.addInitScript('delete globalThis.SharedWorker');
  await Promise.all(others.map((other) => other.goto(service.origin)));
  const world = service.sandbox.world();
  const AuthTime = service.sandbox.time(service.sandbox.now() + 5 * HOUR_MS);
  const link = { name: 'came-to-all' };
  world.add({ TaskId: 'rep-allsee001', Alias: link.name, AuthTime });
  await Promise.all([page, ...others].map((each) => each.getByRole('link', link).waitFor()));

  // The first, which began it, leaves: the others go on.
  await page.close();
  world.set('rep-allsee001', { TaskStatus: 3 });
  await Promise.all(others.map((other) => other.getByRole('link', link).waitFor({ state: 'detached' })));
  expect(complaints).toEqual([]);
  await close();
});

describe('the filters', () => {
  it('stand in the address, so that it can be handed on, and lead back', async () => {
    const { page, close } = await openWindow(browser);
    await signIn(page, service.origin);
    const all = await page.locator('h3 a, section.first h2 a').count();
    await showFilters(page);
    await page.locator('#f-zone').selectOption('ap-beijing-6');
    await page.locator('#f-text').fill('kafka');
    await page.locator('#filters button').click();
    await page.waitForURL(/zone=ap-beijing-6/);
    expect(new URL(page.url()).search).toBe('?zone=ap-beijing-6&text=kafka');
    expect(await visibleTexts(page, 'h3 a, section.first h2 a')).toEqual([FIRST.Alias]);

    const other = await openWindow(browser, { language: 'zh-CN' });
    await signIn(other.page, service.origin, page.url().slice(service.origin.length));
    expect(other.page.url()).toBe(page.url());
    expect(await visibleTexts(other.page, 'h3 a, section.first h2 a')).toEqual([FIRST.Alias]);
    expect(await other.page.locator('#f-zone').inputValue()).toBe('ap-beijing-6');
    await other.close();

    await page.locator('#filters .send a').click();
    await page.waitForURL(`${service.origin}/`);
    expect(await page.locator('h3 a, section.first h2 a').count()).toBe(all);
    // Chosen and left: what comes back shows what its list is narrowed by.
    await page.locator('#f-zone').selectOption('ap-guangzhou-7');
    await page.locator('#filters button').click();
    await page.waitForURL(/zone=ap-guangzhou-7/);
    await page.goBack();
    await page.waitForURL(`${service.origin}/`);
    expect(await page.locator('#f-zone').inputValue()).toBe('');
    await page.goBack();
    expect(await visibleTexts(page, 'h3 a, section.first h2 a')).toEqual([FIRST.Alias]);
    await close();
  });
});

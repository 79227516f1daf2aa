import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWindow, showFilters, visibleTexts } from '../support/browser.ts';
import { PAGE_TOKEN, type PageService, startPageService } from '../support/page-service.ts';
import { DONE, FIRST, fillPageWorld, SOONER, taskPageOf } from '../support/page-world.ts';
import { signIn } from '../support/sign-in.ts';

let service: PageService;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService({ prepare: fillPageWorld }), launchChromium()]);
});

afterAll(async () => {
  await Promise.all([browser.close(), service.close()]);
});

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.getAttribute("href") ?? document.activeElement.id');

describe.each([true, false])('a person whose browser runs scripts: %s', (script) => {
  it('is led to the form, told that a token is wrong, brought where they wanted to go, and signed out', async () => {
    const { page, context, complaints, close } = await openWindow(browser, { script });
    await page.goto(`${service.origin}/timeline?by=zone`);
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.locator('#token').fill('wrong');
    await page.locator('#token').press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toBe('That is not the token.');
    await page.locator('#token').fill(PAGE_TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${service.origin}/timeline?by=zone`);
    const [session] = (await context.cookies()).filter(({ name }) => name === 'rw_session');
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${service.origin}/login`);
    await page.goto(`${service.origin}/health`);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(complaints.filter((line) => !/status of 403/.test(line))).toEqual([]);
    await close();
  });

  it('acknowledges a task, takes that back, mutes it and ends that', async () => {
    const task = script ? FIRST : SOONER;
    const { page, complaints, close } = await openWindow(browser, { script });
    await signIn(page, service.origin, taskPageOf(task.TaskId));
    await page.locator('#ack-by').fill('Mei');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged. There are no reminders').first().waitFor();
    expect(await page.locator('main').innerText()).toMatch(/Acknowledged.*\n[\s\S]*Mei/);
    await page.goto(service.origin);
    expect((await visibleTexts(page, '.held')).join()).toContain('Mei');

    await page.goto(service.origin + taskPageOf(task.TaskId));
    await page.locator('#withdraw-by').fill('Mei');
    await page.getByRole('button', { name: 'Take the acknowledgement back' }).click();
    await page.getByText('The acknowledgement is taken back').first().waitFor();

    await page.locator('#mute summary').click();
    await page.locator('#reason').fill('moved to another host');
    await page.locator('#mute-exactly').fill('yesterday');
    await page.locator('#mute form button').click();
    await page.getByRole('alert').waitFor();
    // What was typed is still there, and the fold is open.
    expect(await page.locator('#reason').inputValue()).toBe('moved to another host');
    await page.locator('#mute-exactly').fill('');
    await page.locator('#mute-until').selectOption('24h');
    await page.locator('#mute form button').click();
    await page.getByText('Muted.').first().waitFor();
    expect(await page.locator('main').innerText()).toContain('moved to another host');
    await page.getByRole('button', { name: 'End this mute' }).click();
    await page.getByText('No longer muted').first().waitFor();
    expect(complaints.filter((line) => !/status of 4(?:09|22)/.test(line))).toEqual([]);
    await close();
  });
});

describe('without scripts', () => {
  it('every page is whole: the list, its filters and folds, the timeline’s table, the story, the health, a preview', async () => {
    const { page, complaints, close } = await openWindow(browser, { script: false, width: 360 });
    await signIn(page, service.origin);
    expect(await visibleTexts(page, 'section.first h2')).toEqual([FIRST.Alias]);
    // A button that could do nothing is not there; the line itself is.
    expect(await page.locator('button.copy').filter({ visible: true }).count()).toBe(0);
    expect((await visibleTexts(page, 'section.first code.line')).join()).toContain(FIRST.TaskId);
    await showFilters(page);
    await page.locator('#f-status').selectOption('open');
    await page.locator('#filters button').click();
    await page.waitForURL(/status=open/);

    await page.getByRole('link', { name: 'Timeline' }).click();
    expect(await page.locator('svg a').count()).toBeGreaterThan(0);
    await page.locator('#next-table summary').click();
    await page.locator('#next-table').getByRole('link', { name: SOONER.Alias }).click();
    expect(await page.locator('h1').innerText()).toContain(SOONER.Alias);
    expect(await page.locator('main ol li').count()).toBeGreaterThan(0);

    await page.getByRole('link', { name: 'Health' }).click();
    expect(await page.locator('svg rect').count()).toBeGreaterThan(0);
    await page.locator('main a[href^="/health/digests/"]').click();
    expect(await page.locator('pre.preview').innerText()).toContain(FIRST.TaskId);
    await page.getByRole('link', { name: '中文' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('with the keyboard alone', () => {
  it.each([
    [360, 3],
    [1440, 10],
  ])(
    'the skip link comes first and leads to the content, %i pixels wide with %i stops to the first task',
    async (width, stops) => {
      const { page, close } = await openWindow(browser, { width });
      await signIn(page, service.origin);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('#main');
      expect((await page.locator('a.skip').boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('main');
      const reached: string[] = [];
      for (let stop = 0; stop < stops && !reached.includes(taskPageOf(FIRST.TaskId)); stop += 1) {
        await page.keyboard.press('Tab');
        reached.push(await focused(page));
      }
      expect(reached).toContain(taskPageOf(FIRST.TaskId));
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${taskPageOf(FIRST.TaskId)}`);
      await close();
    },
  );

  it('every stop shows that it has the focus', async () => {
    const { page, close } = await openWindow(browser);
    await signIn(page, service.origin, taskPageOf(FIRST.TaskId));
    const unseen: string[] = [];
    let stops = 0;
    for (; stops < 60; stops += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.tagName')) === 'BODY') break;
      const outline = await page.evaluate(
        '(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; })()',
      );
      if (outline !== true) unseen.push(await page.evaluate('document.activeElement.outerHTML.slice(0, 120)'));
    }
    expect(stops).toBeGreaterThan(8);
    expect(unseen).toEqual([]);
    await close();
  });

  it('a line is copied with its button, which says so', async () => {
    const { page, context, close } = await openWindow(browser);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: service.origin });
    await signIn(page, service.origin);
    const button = page.locator('section.first button.copy');
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('section.first').getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe(await page.locator('section.first code.line').innerText());
    await close();
  });
});

it('a task that is over can be read, and offers nothing to do', async () => {
  const { page, close } = await openWindow(browser);
  await signIn(page, service.origin, taskPageOf(DONE.TaskId));
  expect(await page.locator('h1').innerText()).toContain(DONE.Alias.slice(0, 50));
  expect(await page.locator('main form').count()).toBe(0);
  await close();
});

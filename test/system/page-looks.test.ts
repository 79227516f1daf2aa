import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  axeFindings,
  launchChromium,
  openWindow,
  overhang,
  visibleTexts,
  type Window,
  type WindowOptions,
} from '../support/browser.ts';
import { type PageService, startPageService } from '../support/page-service.ts';
import { DONE, FIRST, fillPageWorld, SOONER, taskPageOf } from '../support/page-world.ts';
import { signIn } from '../support/sign-in.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;
const WIDTHS = [360, 1440];

/** Every kind of page that a reader may come to, by what is on it. */
const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['what waits', '/'],
  ['what waits, narrowed', '/?status=open&zone=ap-guangzhou-7&text=rep'],
  ['a list in which nothing is left', '/?text=no-such-machine'],
  ['the timeline', '/timeline'],
  ['the timeline by zone', '/timeline?by=zone'],
  ['the closed tasks', '/?status=closed'],
  ['the health page', '/health'],
  ['what a digest would say', '/health/digests/morning'],
  ['the page of a task that may lose data', taskPageOf(FIRST.TaskId)],
  ['the page of a task that waits', taskPageOf(SOONER.TaskId)],
  ['the page of a task that is over', taskPageOf(DONE.TaskId)],
  ['the page of a task that is not stored', taskPageOf('rep-nothing')],
  ['an address without a page', '/no/such/page'],
];

let service: PageService;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService({ prepare: fillPageWorld }), launchChromium()]);
  const told = service.hook.accepted.until(({ body }) => body.includes(FIRST.TaskId));
  await told;
});

afterAll(async () => {
  await Promise.all([browser.close(), service.close()]);
});

/** Signed in, with every fold of the page open: what is folded away must hold, too. */
async function eachPage(options: WindowOptions, act: (window: Window, name: string) => Promise<void>): Promise<void> {
  const window = await openWindow(browser, options);
  await signIn(window.page, service.origin);
  for (const [name, path] of PAGES) {
    await window.page.goto(service.origin + path, { waitUntil: 'load' });
    await window.page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
    await act(window, name);
  }
  // The browser itself says that an address was not found.
  const ofPages = window.complaints.filter((line) => !/status of 404/.test(line));
  expect(ofPages).toEqual([]);
  await window.close();
}

describe.each(LANGUAGES)('in %s', (language) => {
  it.each([false, true])('axe-core finds nothing on any page (dark: %s)', async (dark) => {
    const findings: string[] = [];
    await eachPage({ language, dark }, async ({ page }, name) => {
      findings.push(...(await axeFindings(page)).map((finding) => `${name}: ${finding}`));
    });
    expect(findings).toEqual([]);
  });

  it.each(WIDTHS)('no page must be scrolled sideways in a window %i pixels wide', async (width) => {
    const tooWide: string[] = [];
    await eachPage({ language, width }, async ({ page }, name) => {
      if ((await overhang(page)) > 0) tooWide.push(`${name}: ${await overhang(page)} pixels too wide`);
    });
    expect(tooWide).toEqual([]);
  });

  it.each([false, true])('axe-core finds nothing on the login form (dark: %s)', async (dark) => {
    const { page, complaints, close } = await openWindow(browser, { language, dark, width: 360 });
    await page.goto(`${service.origin}/timeline`);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('#token').fill('wrong');
    await page.locator('form button').last().click();
    expect(await page.locator('[role=alert]').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(complaints.filter((line) => !/status of 403/.test(line))).toEqual([]);
    await close();
  });

  it.each(WIDTHS)(
    'the first screen names what is most urgent, its deadline and the next step, %i pixels wide',
    async (width) => {
      const { page, close } = await openWindow(browser, { language, width });
      await signIn(page, service.origin);
      const first = page.locator('section.first');
      for (const part of [
        first.getByText(FIRST.Alias),
        first.locator('.clock, .when').first(),
        first.locator('a.main'),
      ]) {
        const box = await part.boundingBox();
        expect((box?.y ?? Number.NaN) + (box?.height ?? 0)).toBeLessThan(900);
      }
      const figures = (await visibleTexts(page, 'dl.figures')).join(' ');
      expect(figures).toMatch(/\b6\b.*\b2\b/);
      await close();
    },
  );
});

it('a document whose language differs says so, and each language leads to the other', async () => {
  const { page, close } = await openWindow(browser, { language: 'zh-CN' });
  await signIn(page, service.origin, '/timeline?by=zone');
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('link', { name: 'English' }).click();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(page.url()).toBe(`${service.origin}/timeline?by=zone`);
  await page.goto(`${service.origin}/health`);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByRole('link', { name: '中文' }).click();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await close();
});

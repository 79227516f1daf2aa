import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { axeFindings, launchChromium, openWindow, overhang, type Window } from '../support/browser.ts';
import { type PageService, startPageService } from '../support/page-service.ts';
import { FIRST, fillPageWorld, taskPageOf } from '../support/page-world.ts';

const OTHER_KEY = { secretId: 'AKID0other', secretKey: 'other0secret0key' };

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser.close());

async function expectSound({ page, complaints }: Window): Promise<void> {
  expect(await axeFindings(page)).toEqual([]);
  expect(await overhang(page)).toBe(0);
  expect(complaints).toEqual([]);
}

it('says that nothing waits only while every account is read, and whom to help where one is not', async () => {
  const other = await startSandbox({ keys: [OTHER_KEY] });
  const service = await startPageService({
    token: null,
    prepare: ({ sandbox, file }) =>
      file.change({
        accounts: [
          { name: 'prod', endpoint: sandbox.url, ...SANDBOX_KEY },
          { name: 'test', endpoint: other.url, ...OTHER_KEY },
        ],
      }),
  });
  const window = await openWindow(browser, { width: 360 });
  const { page } = window;
  await page.goto(service.origin);
  await page.getByRole('heading', { name: 'Nothing waits for you.' }).waitFor();
  await expectSound(window);

  other.fault({ kind: 'blocked' });
  // Without a reload: the page that is left open says it.
  await page.getByText('this list may not be whole').waitFor();
  expect(await page.getByRole('heading', { name: 'Nothing waits for you.' }).count()).toBe(0);
  expect(await page.locator('main .notice.warn').innerText()).toContain('test cannot be read until someone acts.');
  await expectSound(window);
  await page.getByRole('link', { name: 'See why' }).click();
  await page.locator('tr').filter({ hasText: 'test' }).locator('.tag.risk').first().waitFor();
  await expectSound(window);

  other.clearFaults();
  service.sandbox.fault({ kind: 'unavailable' });
  await page.goto(service.origin);
  const prod = page.locator('.notice.warn li').filter({ hasText: 'prod' });
  await prod.waitFor();
  expect(await prod.innerText()).not.toContain('until someone acts');
  await expectSound(window);
  await window.close();
  await Promise.all([service.close(), other.close()]);
});

it('shows a page without a token to this machine alone, and command lines in place of forms', async () => {
  const service: PageService = await startPageService({ token: null, prepare: fillPageWorld });
  const window = await openWindow(browser);
  const { page } = window;
  await page.goto(service.origin + taskPageOf(FIRST.TaskId));
  expect(await page.locator('main form').count()).toBe(0);
  expect(await page.locator('section[aria-labelledby=care]').innerText()).toContain(`repairwatch ack ${FIRST.TaskId}`);
  await expectSound(window);
  await window.close();
  await service.close();
});

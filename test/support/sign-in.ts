import type { Page } from 'playwright-core';
import { PAGE_TOKEN } from './page-service.ts';

/** Signs in through the form, as a person who wanted to read `path`. */
export async function signIn(page: Page, origin: string, path = '/', token = PAGE_TOKEN): Promise<void> {
  await page.goto(origin + path);
  await page.locator('#token').fill(token);
  await page.locator('#token').press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
}

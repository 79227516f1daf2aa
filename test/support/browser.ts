import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumArguments, chromiumPath } from '../../scripts/chromium.ts';
import type { Language } from '../../src/model/vocabulary.ts';

export interface WindowOptions {
  readonly language?: Language;
  readonly width?: number;
  readonly dark?: boolean;
  /** False: as if the browser had no JavaScript. */
  readonly script?: boolean;
}

/** A window of a fresh profile, with everything that went wrong in it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, lines of level error or warning on the console (the policy's violations are among them), answers of 5xx. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** The system's Chromium. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments()] });
}

export async function openWindow(browser: Browser, options: WindowOptions = {}): Promise<Window> {
  const { language = 'en', width = 1440, dark = false, script = true } = options;
  const context = await browser.newContext({
    locale: language,
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: script,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(`${line.text()} (${page.url()})`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 500) complaints.push(`${answer.status()} ${answer.url()}`);
  });
  return { page, context, complaints, close: () => context.close() };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core has against the page, best practices included: rule, place, and what is to be done. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Evaluated through the debugger, which no policy of a page concerns.
  await page.evaluate(AXE);
  const findings = await page.evaluate(
    // The source above defines it.
    async () => (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run({ resultTypes: ['violations'] }),
  );
  return findings.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

/** By how many pixels the document is wider than the window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The texts of a selector's elements that a reader sees, in their order. */
export async function visibleTexts(page: Page, selector: string): Promise<readonly string[]> {
  const all = await page.locator(selector).filter({ visible: true }).allInnerTexts();
  return all.map((text) => text.replace(/\s+/g, ' ').trim());
}

/** Unfolds the filters of the list, which a wide window always shows. */
export async function showFilters(page: Page): Promise<void> {
  const fold = page.locator('#filters summary');
  if (await fold.isVisible()) await fold.click();
}

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const TIMEOUT_MS = 60_000;
const LONGEST_DOM_BYTES = 64 * 1024 * 1024;

/** Path of the system's Chromium: $CHROMIUM, or by its usual names on PATH. Throws a sentence where there is none. */
export function chromiumPath(): string {
  const stated = process.env['CHROMIUM'];
  if (stated !== undefined && stated !== '') return stated;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('No Chromium was found; install Debian’s chromium, or name one in CHROMIUM.');
  return found;
}

/** As root, which containers are, Chromium's own sandbox refuses to start; the pages are ours. */
export function chromiumArguments(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** Opens a page that is written to a temporary folder; returns Chromium's stdout. */
async function open(html: string, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'repairwatch-page-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, html);
    const common = [
      '--headless',
      '--disable-gpu',
      '--hide-scrollbars',
      '--disable-lcd-text',
      '--no-first-run',
      `--user-data-dir=${folder}`,
    ];
    const all = [...common, ...chromiumArguments(), ...args, pathToFileURL(page).href];
    const options = { timeout: TIMEOUT_MS, maxBuffer: LONGEST_DOM_BYTES };
    return (await promisify(execFile)(chromiumPath(), all, options)).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface PageSize {
  /** CSS pixels that the page's content needs. */
  readonly contentWidth: number;
  readonly contentHeight: number;
}

/** The size that each page's content takes in a window of `width` pixels; all in one start of Chromium. */
export async function measurePages(pages: readonly string[], width: number): Promise<readonly PageSize[]> {
  // `<` is escaped so that no page can end the script.
  const list = JSON.stringify(pages).replaceAll('<', '\\u003c');
  const dom = await open(
    `<!DOCTYPE html><meta charset="utf-8"><body><script>
const sizes = [];
const show = (html) => new Promise((done) => {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'width:${width}px;height:400px;border:0';
  frame.srcdoc = html;
  frame.onload = () => {
    const { scrollWidth, scrollHeight } = frame.contentDocument.documentElement;
    sizes.push({ contentWidth: scrollWidth, contentHeight: scrollHeight });
    frame.remove();
    done();
  };
  document.body.append(frame);
});
(async () => {
  for (const html of ${list}) await show(html);
  document.body.dataset.sizes = JSON.stringify(sizes);
})();
</script>`,
    ['--virtual-time-budget=30000', '--dump-dom'],
  );
  const sizes = /data-sizes="([^"]*)"/.exec(dom)?.[1]?.replaceAll('&quot;', '"');
  if (sizes === undefined) throw new Error('Chromium did not measure the pages');
  return JSON.parse(sizes) as readonly PageSize[]; // written by the script above
}

/** Draws a page, `width` pixels wide and as high as it needs, into a PNG file. */
export async function drawPage(html: string, width: number, pngPath: string): Promise<void> {
  const [size] = await measurePages([html], width);
  await open(html, [`--window-size=${width},${size?.contentHeight ?? 0}`, `--screenshot=${pngPath}`]);
}

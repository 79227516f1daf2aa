/** Draws README's pictures with the system's Chromium: what the real renderers make of made-up tasks. `node scripts/showcase.ts` on Node 24. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { renderMail } from '../src/channels/email/render.ts';
import { renderSlack } from '../src/channels/slack/render.ts';
import { createSpeaker } from '../src/messages/speak.ts';
import { drawPage } from './chromium.ts';
import { pagePictures } from './page-pictures.ts';
import { SHOWN_ALERT, SHOWN_DIGEST } from './showcase-facts.ts';
import { slackPage } from './slack-page.ts';
import { smallPng } from './small-png.ts';

const FOLDER = 'docs/images';
const LARGEST_BYTES = 150_000;

const speaker = createSpeaker({
  language: 'en',
  timezone: 'Asia/Shanghai',
  consoleUrl: 'https://console.cloud.tencent.com/cvm/repair/list',
  publicUrl: null,
});

function keep(name: string, screenshot: Buffer): void {
  const path = `${FOLDER}/${name}.png`;
  const png = smallPng(screenshot);
  writeFileSync(path, png);
  process.stdout.write(`${path}: ${png.length} bytes\n`);
  if (png.length > LARGEST_BYTES) throw new Error(`${path} is larger than ${LARGEST_BYTES} bytes`);
}

async function draw(name: string, page: string, width: number): Promise<void> {
  const path = `${FOLDER}/${name}.png`;
  await drawPage(page, width, path);
  keep(name, readFileSync(path));
}

mkdirSync(FOLDER, { recursive: true });
await draw('slack-message', slackPage(renderSlack(SHOWN_ALERT, speaker, {}), '9:00 AM'), 640);
await draw('digest', renderMail(SHOWN_DIGEST, speaker).html, 680);
for (const { name, png } of await pagePictures()) keep(name, png);

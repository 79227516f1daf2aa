import { Html, html } from '../../lib/html.ts';
import type { Document, TaskRow } from '../../messages/document.ts';
import type { Speaker } from '../../messages/speak.ts';
import { box, htmlPart } from './html-parts.ts';
import { CARD, FONT, GROUND, INK, LINE, LINK, QUIET, STYLE, TONES } from './theme.ts';

/** Fills the preview line of mail programs after the summary, so that nothing of the body runs into it. */
const PREVIEW_FILL = '\u034f \u200c '.repeat(40);

/** A document as a whole HTML page for mail programs: tables, inline styles, no script, no image, nothing loaded from anywhere. */
export function htmlMail(document: Document, speaker: Speaker, shown: ReadonlySet<TaskRow>, attached: boolean): string {
  const { accent } = TONES[document.tone];
  const parts = document.parts.map((part) => htmlPart(part, speaker, shown));
  const page = html`<!DOCTYPE html>
<html lang="${speaker.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${document.title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body class="rw-g" style="margin:0;padding:0;background:${GROUND}">
<div style="display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:${GROUND}">${document.summary}${PREVIEW_FILL}</div>
<table class="rw-g" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:${GROUND}"><tr><td align="center" style="padding:16px 8px">
<table class="rw-c" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:${CARD};border-top:4px solid ${accent};font-family:${FONT};text-align:left">
<tr><td class="rw-p" style="padding:20px 28px 8px"><h1 class="rw-i" style="margin:0;font-size:20px;line-height:28px;font-weight:600;color:${INK};word-break:break-word"><bdi>${document.title}</bdi></h1></td></tr>
${document.banner === null ? null : box(document.banner, 'calm')}${document.warning === null ? null : box(document.warning, 'danger')}${parts}${buttons(document, speaker)}<tr><td class="rw-p rw-l" style="padding:14px 28px 20px;border-top:1px solid ${LINE}"><p class="rw-q" style="margin:0;font-size:12px;line-height:18px;color:${QUIET}">${attached ? html`${speaker.words.frame.attached}<br>` : null}${document.footer.join(' · ')}</p></td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
  return page.markup;
}

function buttons({ page }: Document, { words: { frame }, consoleUrl }: Speaker): Html | null {
  if (consoleUrl === null && page === null) return null;
  const main =
    consoleUrl === null
      ? null
      : html`<table role="presentation" cellpadding="0" cellspacing="0"><tr><td style="background:${LINK};border-radius:4px"><a href="${consoleUrl}" style="display:inline-block;padding:10px 20px;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none">${frame.openConsole}</a></td></tr></table>`;
  const second =
    page === null
      ? null
      : html`<p style="margin:10px 0 0;font-size:14px;line-height:20px"><a class="rw-a" href="${page.url}" style="color:${LINK}">${page.label}</a></p>`;
  return html`<tr><td class="rw-p" style="padding:12px 28px 20px">${main}${second}</td></tr>\n`;
}

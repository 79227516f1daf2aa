import type { SlackBody } from '../src/channels/slack/render.ts';
import { type Html, html, Html as Markup } from '../src/lib/html.ts';
import { isJsonObject, type JsonObject } from '../src/sandbox/json.ts';

const STYLE = `
body{margin:0;padding:14px 18px;background:#fff;font:15px/22px Lato,'Helvetica Neue','Liberation Sans',Arial,'Noto Sans CJK SC',sans-serif;color:#1d1c1d}
.message{display:flex;gap:8px}.avatar{flex:none;width:36px;height:36px;border-radius:8px;background:#175cd3;color:#fff;font-weight:700;text-align:center;line-height:36px}
.who{font-weight:900}.app{background:#ebeaeb;color:#616061;font-size:10px;line-height:14px;padding:1px 3px;border-radius:2px;font-weight:700;margin:0 6px}.time{color:#616061;font-size:12px}
.block{margin:8px 0 0}.header{font-weight:900;font-size:18px;line-height:24px}.text{white-space:pre-wrap}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px}
.context{color:#616061;font-size:13px;line-height:18px;white-space:pre-wrap}
.button{display:inline-block;border:1px solid #ccc;border-radius:4px;padding:0 12px;line-height:34px;font-weight:700;font-size:15px}
.primary{background:#007a5a;border-color:#007a5a;color:#fff}
pre{margin:4px 0 0;padding:8px;border:1px solid #ddd;border-radius:4px;background:#f8f8f8;font:12px/18px 'Liberation Mono',Menlo,monospace;white-space:pre-wrap;word-break:break-word}`;

/** A page that shows a payload about as Slack does: an approximation of its look, of exactly what we send. */
export function slackPage({ blocks = [] }: SlackBody, time: string): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><style>${new Markup(STYLE)}</style></head><body>
<div class="message"><div class="avatar">rw</div><div><span class="who">repairwatch</span><span class="app">APP</span><span class="time">${time}</span>
${blocks.filter(isJsonObject).map(blockOf)}</div></div></body></html>`.markup;
}

function blockOf(block: JsonObject): Html {
  const type = String(block['type']);
  if (type === 'header') return html`<div class="block header">${textOf(block['text'])}</div>`;
  if (type === 'context') return html`<div class="block context">${objects(block['elements']).map(textOf)}</div>`;
  if (type === 'actions') return html`<div class="block">${objects(block['elements']).map(buttonOf)}</div>`;
  if (type !== 'section') throw new Error(`the showcase does not draw a Slack block of type ${type} yet`);
  if (block['fields'] === undefined) return html`<div class="block text">${textOf(block['text'])}</div>`;
  return html`<div class="block fields">${objects(block['fields']).map((field) => html`<div class="text">${textOf(field)}</div>`)}</div>`;
}

function buttonOf(button: JsonObject): Html {
  const look = button['style'] === 'primary' ? 'button primary' : 'button';
  return html`<span class="${look}">${textOf(button['text'])}</span>`;
}

/** plain_text as it is; of mrkdwn only what we send: bold and code blocks. */
function textOf(value: unknown): Html {
  const { type, text } = isJsonObject(value) ? value : {};
  const escaped = html`${unescaped(String(text ?? ''))}`.markup;
  if (type !== 'mrkdwn') return new Markup(escaped);
  return new Markup(
    escaped.replace(/\n?```([^`]*)```/g, '<pre>$1</pre>').replace(/(^|\n)\*([^*\n]+)\*(?=\n|$)/g, '$1<b>$2</b>'),
  );
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

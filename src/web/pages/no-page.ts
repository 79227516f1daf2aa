import type { Context } from 'hono';
import { html } from '../../lib/html.ts';
import type { Language } from '../../model/vocabulary.ts';
import { layout } from '../layout.ts';
import type { WebEnv } from '../web-app.ts';
import type { WebDeps } from '../web-deps.ts';

type Why = 'not-found' | 'failed';

const STATUS = { 'not-found': 404, failed: 500 } as const;

const WORDS: Readonly<
  Record<
    Language,
    Readonly<Record<Why, { readonly title: string; readonly says: string }>> & { readonly toList: string }
  >
> = {
  en: {
    'not-found': { title: 'There is nothing here', says: 'No page has this address.' },
    failed: { title: 'This page failed', says: 'The log of repairwatch says why. Polls and messages go on.' },
    toList: 'See what waits',
  },
  'zh-CN': {
    'not-found': { title: '页面不存在', says: '该地址没有对应的页面。' },
    failed: { title: '页面出错', says: '原因请查看 repairwatch 的日志；轮询和消息发送不受影响。' },
    toList: '查看待授权任务',
  },
};

/** The answer where there is no page, or it could not be made: a page for browsers, a line for programs. Says nothing of the reason. */
export function noPage(c: Context<WebEnv>, why: Why, { speaker, config }: WebDeps): Response {
  // Not yet there where it failed before the visitor was known.
  const visitor = c.get('visitor') ?? { language: config.language, session: null };
  const words = WORDS[visitor.language];
  const { title, says } = words[why];
  if (!(c.req.header('Accept') ?? '').includes('text/html')) return c.text(`${title}. ${says}\n`, STATUS[why]);
  const { pathname, search } = new URL(c.req.url);
  const main = html`<section class="narrow"><h1>${title}</h1>
<p>${says}</p>
<p><a href="/">${words.toList}</a></p></section>`;
  const signedIn = visitor.session !== null;
  // Only what was asked for can be asked for again in the other language.
  const here = c.req.method === 'GET' ? pathname + search : '/';
  const page = layout({ title, place: '/', here, main, signedIn, live: false }, speaker(visitor.language));
  return c.html(page, STATUS[why]);
}

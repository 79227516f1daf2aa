import type { Context } from 'hono';
import { html } from '../../lib/html.ts';
import type { Language } from '../../model/vocabulary.ts';
import { layout } from '../layout.ts';
import type { WebEnv } from '../web-app.ts';
import type { WebDeps } from '../web-deps.ts';

/** `store`: what is known cannot be read at the moment. */
type Why = 'not-found' | 'not-so' | 'failed' | 'store';

const STATUS = { 'not-found': 404, 'not-so': 405, failed: 500, store: 503 } as const;

const WORDS: Readonly<
  Record<
    Language,
    Readonly<Record<Why, { readonly title: string; readonly says: string }>> & { readonly toList: string }
  >
> = {
  en: {
    'not-found': { title: 'There is nothing here', says: 'No page has this address.' },
    'not-so': { title: 'Not by this method', says: 'What is at this address is asked in another way.' },
    store: {
      title: 'The store cannot be read',
      says: 'Load this again in a minute. `repairwatch health` says what is wrong; what was recorded is not lost.',
    },
    failed: { title: 'This page failed', says: 'The log of repairwatch says why. Polls and messages go on.' },
    toList: 'See what waits',
  },
  'zh-CN': {
    'not-found': { title: '页面不存在', says: '该地址没有对应的页面。' },
    'not-so': { title: '请求方式不受支持', says: '该地址不支持这种请求方法。' },
    store: {
      title: '暂时无法读取数据',
      says: '请一分钟后重新加载。具体原因请运行 `repairwatch health` 查看；已记录的信息不会丢失。',
    },
    failed: { title: '页面出错', says: '原因请查看 repairwatch 的日志；轮询和消息发送不受影响。' },
    toList: '查看待授权任务',
  },
};

const NOTHING_IN_API = 'There is nothing at this address; docs/openapi.yaml lists what there is.';

/** The answer where there is no page, or it could not be made: a page for browsers, JSON below /api, else a line. Says nothing of the reason. */
export function noPage(c: Context<WebEnv>, why: Why, { speaker, config }: WebDeps): Response {
  // Not yet there where it failed before the visitor was known.
  const visitor = c.get('visitor') ?? { language: config.language, session: null };
  const words = WORDS[visitor.language];
  const { title, says } = words[why];
  if (c.req.path.startsWith('/api/'))
    return c.json(
      { error: why === 'not-found' ? NOTHING_IN_API : `${WORDS.en[why].title}. ${WORDS.en[why].says}` },
      STATUS[why],
    );
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

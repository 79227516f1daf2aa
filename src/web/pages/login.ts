import { html } from '../../lib/html.ts';
import type { Speaker } from '../../messages/speak.ts';
import type { Language } from '../../model/vocabulary.ts';
import { cookie } from '../cookies.ts';
import { layout } from '../layout.ts';
import { isOwnForm } from '../own-form.ts';
import { isLanguage, LANGUAGE_COOKIE, SESSION_COOKIE } from '../visitor.ts';
import type { Routes } from '../web-app.ts';

interface Words {
  readonly title: string;
  readonly intro: string;
  readonly token: string;
  readonly signIn: string;
  readonly wrong: string;
  readonly tooOften: string;
  readonly ended: string;
  readonly goOn: string;
  readonly goOnTitle: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Sign in',
    intro: 'This page is for people who know the token: http.token in the configuration of repairwatch.',
    token: 'Token',
    signIn: 'Sign in',
    wrong: 'That is not the token.',
    tooOften: 'Too many wrong tokens in a minute. The right one is let in all the same.',
    ended: 'Your session had ended, so nothing was done. Sign in, then send the form once more.',
    goOn: 'Continue',
    goOnTitle: 'One more step',
  },
  'zh-CN': {
    title: '登录',
    intro: '请输入访问令牌，即 repairwatch 配置中的 http.token。',
    token: '令牌',
    signIn: '登录',
    wrong: '令牌不正确。',
    tooOften: '一分钟内错误次数过多；输入正确的令牌仍可登录。',
    ended: '会话已过期，因此未执行任何操作。请登录后重新提交。',
    goOn: '继续',
    goOnTitle: '还差一步',
  },
};

const YEAR_S = 365 * 86_400;

/** The login form, its end, and the switch of languages. */
export const loginRoutes: Routes = (app, { access, config, clock, speaker, guesses }) => {
  const secure = config.http?.publicUrl?.startsWith('https:') ?? false;
  app.get('/login', (c) => {
    if (access === null) return c.redirect('/', 303);
    const { language } = c.get('visitor');
    const problem = c.req.query('ended') === undefined ? null : WORDS[language].ended;
    return c.html(loginPage(ownPath(c.req.query('next')), problem, speaker(language)));
  });
  app.post('/login', async (c) => {
    if (access === null) return c.redirect('/', 303);
    if (!isOwnForm(c.req)) return c.text('This form came from another site.\n', 403);
    const words = WORDS[c.get('visitor').language];
    const { token, next } = await c.req.parseBody();
    const path = ownPath(typeof next === 'string' ? next : undefined);
    if (typeof token !== 'string' || !access.isToken(token)) {
      const guess = { address: c.env?.address, way: 'form', signal: c.req.raw.signal } as const;
      const tooMany = await guesses.wrong(guess);
      if (tooMany) c.header('Retry-After', '60');
      const problem = tooMany ? words.tooOften : words.wrong;
      return c.html(loginPage(path, problem, speaker(c.get('visitor').language)), tooMany ? 429 : 403);
    }
    const { session, maxAgeS } = access.openSession(clock.now());
    c.header('Set-Cookie', cookie(SESSION_COOKIE, session, { maxAgeS, secure, httpOnly: true }));
    return c.redirect(path, 303);
  });
  app.post('/logout', (c) => {
    if (!isOwnForm(c.req)) return c.text('This form came from another site.\n', 403);
    c.header('Set-Cookie', cookie(SESSION_COOKIE, '', { maxAgeS: 0, secure, httpOnly: true }));
    return c.redirect('/login', 303);
  });
  app.get('/language', (c) => {
    const to = c.req.query('to');
    if (isLanguage(to))
      c.header('Set-Cookie', cookie(LANGUAGE_COOKIE, to, { maxAgeS: YEAR_S, secure, httpOnly: true }));
    return c.redirect(ownPath(c.req.query('next')), 303);
  });
};

/** Only a path of this site: an address of another one would send a reader there with our good name. */
export function ownPath(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return '/';
  return next;
}

function loginPage(next: string, problem: string | null, speaker: Speaker): string {
  const words = WORDS[speaker.language];
  const main = html`<section class="narrow">
<h1>${words.title}</h1>
<p>${words.intro}</p>
${problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
<label for="token">${words.token}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button class="main">${words.signIn}</button>
</form>
</section>`;
  return layout(
    {
      title: words.title,
      place: null,
      here: `/login?next=${encodeURIComponent(next)}`,
      main,
      signedIn: false,
      live: false,
    },
    speaker,
  );
}

/** For a click that came from another site, without the cookie: the same address once more, from here. The script follows the link by itself. */
export function continuePage(path: string, speaker: Speaker): string {
  const words = WORDS[speaker.language];
  const main = html`<section class="narrow">
<h1>${words.goOnTitle}</h1>
<p><a class="main" href="${ownPath(path)}" data-follow>${words.goOn}</a></p>
</section>`;
  return layout({ title: words.goOnTitle, place: null, here: path, main, signedIn: false, live: false }, speaker);
}

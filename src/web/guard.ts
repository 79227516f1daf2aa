import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../lib/loopback.ts';
import { isOwnForm } from './own-form.ts';
import { continuePage } from './pages/login.ts';
import type { WebEnv } from './web-app.ts';
import type { WebDeps } from './web-deps.ts';

/** Needs no token, and names nothing. The feed has a key of its own, which its route asks for. */
const OPEN_PATHS: readonly string[] = ['/healthz', '/readyz', '/login', '/language', '/feed.ics'];

/** Lets in who may read; sends people to the login form, and tells machines what is missing. */
export function guard({ access, config, speaker }: WebDeps): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    const { path, url } = c.req;
    if (access === null && !isOurs(c.req.header('Host'), config.http?.publicUrl ?? null))
      // Without a token a name that resolves to loopback would let any website read the page.
      return c.text(
        'This address is not one that repairwatch answers to; use the one of http.listen, or set http.publicUrl.\n',
        421,
      );
    if (OPEN_PATHS.includes(path) || path.startsWith('/assets/') || c.get('visitor').mayRead) return next();
    const isForm = c.req.method === 'POST' && isOwnForm(c.req);
    const wantsPage = (c.req.method === 'GET' || isForm) && (c.req.header('Accept') ?? '').includes('text/html');
    if (!wantsPage) {
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ error: 'Show the token of http.token as "Authorization: Bearer …".' }, 401);
    }
    const { pathname, search } = new URL(url);
    // A session has ended under a form that was open: back to its page, which its address alone is not.
    if (isForm) return c.redirect(`/login?ended=1&next=${encodeURIComponent(pageOf(pathname))}`, 303);
    // The cookie is not sent with a click from another site, a message in Slack for one; from here it is.
    if (c.req.header('Sec-Fetch-Site') === 'cross-site')
      return c.html(continuePage(pathname + search, speaker(c.get('visitor').language)), 200);
    return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 303);
  };
}

/** The page on which a form stands. */
function pageOf(path: string): string {
  return /^(\/tasks\/[^/]+\/[^/]+)\/[^/]+$/.exec(path)?.[1] ?? '/';
}

function isOurs(host: string | undefined, publicUrl: string | null): boolean {
  if (host === undefined || /[^\w.:[\]-]/.test(host) || !URL.canParse(`http://${host}`)) return false;
  return isLoopback(new URL(`http://${host}`).hostname) || (publicUrl !== null && new URL(publicUrl).host === host);
}

import { Hono } from 'hono';
import { StoreError } from '../store/store-error.ts';
import { allowedMethods } from './allowed-methods.ts';
import { type Counted, createCounted } from './counted.ts';
import { formGuard } from './form-guard.ts';
import { guard } from './guard.ts';
import { noPage } from './pages/no-page.ts';
import { ROUTES } from './routes.ts';
import { type Visitor, visitorOf } from './visitor.ts';
import type { WebDeps } from './web-deps.ts';

/** What each handler finds beside the request. */
export interface WebEnv {
  /** The address of the other end, where there is a connection. */
  readonly Bindings: { readonly address?: string | undefined };
  readonly Variables: { readonly visitor: Visitor };
}

export type WebApp = Hono<WebEnv>;

/** One theme's routes, added to the app. */
export type Routes = (app: WebApp, deps: WebDeps & Counted) => void;

/** Scripts, styles and connections of this origin only, nothing inline, nothing framed: text that slips through an escape stays text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Everything that is served, as a function from a request to an answer. */
export function createWebApp(given: WebDeps, counted: Counted = createCounted(given)): WebApp {
  const deps = { ...given, ...counted };
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Frame-Options', 'DENY');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
  app.use(async (c, next) => {
    const asked = {
      cookie: c.req.header('Cookie'),
      authorization: c.req.header('Authorization'),
      acceptLanguage: c.req.header('Accept-Language'),
    };
    c.set('visitor', visitorOf(asked, deps.access, deps.config.language, deps.clock.now()));
    await next();
  });
  app.use(async (c, next) => {
    if (!c.get('visitor').wrongBearer) return next();
    const guess = { address: c.env?.address, way: 'bearer', signal: c.req.raw.signal } as const;
    if (!(await deps.guesses.wrong(guess))) return next();
    c.header('Retry-After', '60');
    return c.json(
      { error: 'Too many wrong tokens in a minute; show the right one, which is let in all the same.' },
      429,
    );
  });
  app.use(guard(deps));
  app.use(async (c, next) => {
    const [path = ''] = c.req.url.split('?');
    // PostgreSQL refuses NUL in any text, so nothing has such a name.
    return path.includes('%00') ? noPage(c, 'not-found', deps) : next();
  });
  for (const keep of formGuard()) app.use(keep);
  for (const add of ROUTES) add(app, deps);
  app.notFound((c) => {
    const allowed = allowedMethods(app, c.req.path);
    // Also where an answer of its own found nothing.
    if (allowed.length === 0 || allowed.includes(c.req.method)) return noPage(c, 'not-found', deps);
    c.header('Allow', allowed.join(', '));
    return c.req.method === 'OPTIONS' ? c.body(null, 204) : noPage(c, 'not-so', deps);
  });
  app.onError((error, c) => {
    deps.log.error('page-failed', { path: c.req.path, error });
    if (!(error instanceof StoreError)) return noPage(c, 'failed', deps);
    c.header('Retry-After', '30');
    return noPage(c, 'store', deps);
  });
  return app;
}

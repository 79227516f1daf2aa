import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { WebEnv } from './web-app.ts';

/** Our longest form, with everything escaped, is a tenth of it. */
const FORM_MAX_BYTES = 64 * 1024;

/** Lets through what a form of ours can send: the login is open to everybody, and what is sent there must fit into memory many times over. */
export function formGuard(): readonly MiddlewareHandler<WebEnv>[] {
  return [
    bodyLimit({
      maxSize: FORM_MAX_BYTES,
      onError: (c) => c.text(`This is longer than any form here; ${FORM_MAX_BYTES / 1024} KiB may be sent.\n`, 413),
    }),
    async (c, next) => {
      if (c.req.method !== 'POST') return next();
      const isReadable = await c.req.parseBody().then(
        () => true,
        () => false,
      );
      return isReadable ? next() : c.text('This is not a form, or not a whole one; send it again.\n', 400);
    },
  ];
}

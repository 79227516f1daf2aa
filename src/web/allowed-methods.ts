import type { WebApp } from './web-app.ts';

/** The methods to which something answers at a path: GET with HEAD, POST; none where there is nothing. */
export function allowedMethods({ router }: Pick<WebApp, 'router'>, path: string): readonly string[] {
  return ['GET', 'POST'].flatMap((method) => {
    // What holds for every method is no answer of its own: the guards.
    const answers = router.match(method, path)[0].some(([[, route]]) => route.method === method);
    if (!answers) return [];
    return method === 'GET' ? ['GET', 'HEAD'] : [method];
  });
}

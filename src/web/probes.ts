import type { Routes } from './web-app.ts';

/** For whoever restarts the process or sends it traffic: no token, no names, no reasons. */
export const probeRoutes: Routes = (app) => {
  app.get('/healthz', (c) => c.text('ok\n'));
};

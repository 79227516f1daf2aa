import { apiRoutes } from './api/api.ts';
import { assetRoutes } from './assets.ts';
import { eventRoutes } from './events.ts';
import { feedRoutes } from './feed.ts';
import { metricRoutes } from './metrics/metrics.ts';
import { healthRoutes } from './pages/health/health.ts';
import { loginRoutes } from './pages/login.ts';
import { taskRoutes } from './pages/task/task.ts';
import { timelineRoutes } from './pages/timeline/timeline.ts';
import { waitingRoutes } from './pages/waiting/waiting.ts';
import { probeRoutes } from './probes.ts';
import type { Routes } from './web-app.ts';

/** Everything that is served, by theme. */
export const ROUTES: readonly Routes[] = [
  probeRoutes,
  metricRoutes,
  apiRoutes,
  feedRoutes,
  assetRoutes,
  eventRoutes,
  loginRoutes,
  waitingRoutes,
  taskRoutes,
  timelineRoutes,
  healthRoutes,
];

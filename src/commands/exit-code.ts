/** How a command ended: 0 well; 1 something was not read, not delivered or is unhealthy, also a store that is in use or missing; 2 bad usage or configuration. */
export type ExitCode = 0 | 1 | 2;

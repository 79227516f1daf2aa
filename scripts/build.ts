/** Builds `dist/` from `src/`: plain tsc, file by file, so that the start stays fast and a stack line names its source file. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const tsc = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (tsc.status !== 0) process.exit(tsc.status ?? 1);
cpSync('src/web/assets', 'dist/web/assets', { recursive: true });
chmodSync('dist/bin.js', 0o755);

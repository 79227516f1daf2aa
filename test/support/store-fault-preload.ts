import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Loaded before the program with `--import`: while the file STORE_FAULT_FILE says `full` its database may not grow, while it says `read-only` it may
 * not be written, as on a full disk or one that was mounted anew. The errors are SQLite's own. The program itself has no switch for it.
 */
const path = process.env['STORE_FAULT_FILE'] ?? '';
const UNLIMITED = 1_073_741_823;
const exec = DatabaseSync.prototype.exec;

DatabaseSync.prototype.exec = function (this: DatabaseSync, script: string): void {
  if (script.startsWith('BEGIN IMMEDIATE')) {
    const fault = readFileSync(path, 'utf8');
    // The least that is taken is what the file has.
    this.prepare(`PRAGMA max_page_count = ${fault === 'full' ? 1 : UNLIMITED}`).all();
    exec.call(this, `PRAGMA query_only = ${fault === 'read-only' ? 1 : 0}`);
  }
  exec.call(this, script);
};

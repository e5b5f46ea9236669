/**
 * PostgreSQL: the only SQL. One folder per domain implements that domain's ports; migrations are SQL files in order.
 * Promises: each domain owns its tables, nobody else writes them.
 * Called by: processes. Spec: docs/decisions/0004-storage.md.
 */
export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { migrate } from './migrate.ts';

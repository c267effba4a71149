import type Database from 'better-sqlite3';

/**
An open log.
*/
export type Log = Database.Database;

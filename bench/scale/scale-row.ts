/** What some processes did with so many accounts in a window. Rates are per second, processor time is a share of one core. */
export interface ScaleRow {
  readonly accounts: number;
  /** Of PostgreSQL the number of replicas; null: the one process on SQLite. */
  readonly replicas: number | null;
  readonly duePerSecond: number;
  readonly pollsPerSecond: number;
  /** Of the polls that were due; null where more were asked for than can be done. */
  readonly doneShare: number | null;
  readonly lateMs: readonly number[];
  /** That PostgreSQL committed, reading ones included; null on SQLite. */
  readonly transactionsPerSecond: number | null;
  readonly databaseShare: number | null;
  /** The most at once, of all replicas together. */
  readonly databaseConnections: number | null;
  /** Of all processes together. */
  readonly processorShare: number;
  /** The greatest of each process. */
  readonly residentMb: readonly number[];
  /** How many accounts each replica held. */
  readonly held: readonly number[];
}

import type { SqliteConnection } from "./connection.ts";

interface Job {
  run(): Promise<void>;
  settle(failure?: unknown): void;
}

/** Writes per commit: bounds how long the first of them waits. */
const MAX_BATCH = 64;

/** The one writer of a SQLite database. Writes queue here instead of in SQLite, so that no client ever sees "database is
 *  locked". Those that wait while another one runs are committed together, each in its own savepoint: a failing one rolls back
 *  only its own changes. All resolve after the commit. */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #lock: <T>(work: () => Promise<T>) => Promise<T>;
  readonly #waiting: Job[] = [];
  #draining: Promise<void> | undefined;

  /** `lock` runs its argument while nobody else uses the connection. */
  constructor(connection: SqliteConnection, lock: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#connection = connection;
    this.#lock = lock;
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        run: async () => {
          value = await work();
        },
        settle: (failure) => (failure === undefined ? resolve(value) : reject(failure)),
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Answers when nothing is left to write. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    // Not at once: other requests of this turn of the event loop can join. Statements run synchronously, so without this every write would
    // be alone.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#lock(() => this.#commitTogether());
    this.#draining = undefined;
  }

  async #commitTogether(): Promise<void> {
    const batch: { job: Job; failure?: unknown }[] = [];
    try {
      this.#connection.exec("BEGIN IMMEDIATE");
      for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
        const entry: { job: Job; failure?: unknown } = { job };
        batch.push(entry);
        this.#connection.exec("SAVEPOINT job");
        try {
          await job.run();
        } catch (failure) {
          entry.failure = failure;
          this.#connection.exec("ROLLBACK TO job");
        }
        this.#connection.exec("RELEASE job");
        if (batch.length >= MAX_BATCH) break;
      }
      this.#connection.exec("COMMIT");
    } catch (failure) {
      // Not the failure of one job: the disk is full, or another process holds the file. Nothing of the batch was written.
      if (this.#connection.inTransaction) this.#connection.exec("ROLLBACK");
      if (batch.length === 0) {
        const job = this.#waiting.shift();
        if (job !== undefined) batch.push({ job });
      }
      for (const entry of batch) entry.failure ??= failure;
    }
    for (const { job, failure } of batch) job.settle(failure);
  }
}

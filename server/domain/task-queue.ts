import { deferredTaskRuns } from "../store/queries/runs/task-runs.ts";
import type { Store } from "../store/store.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { Change } from "./changes.ts";

/** Deferred task runs, and the task workers that run them. */

/** A deferred task run that waits for a task worker. */
export interface WaitingTask {
  id: string;
  taskKey: string;
}

export interface TaskWorker {
  identifier: string;
  task_keys: string[];
  timestamp: Timestamp;
}

interface Taker {
  keys: ReadonlySet<string>;
  take(task: WaitingTask): void;
}

/** Hands each waiting run to one worker that serves its task. A cache: the database knows what waits. */
export class TaskQueue {
  readonly #waiting = new Map<string, WaitingTask[]>();
  readonly #takers = new Set<Taker>();
  readonly #workers = new Map<string, { keys: ReadonlySet<string>; sockets: number }>();
  /** Tasks whose runs from before this process have been looked up. */
  readonly #restored = new Map<string, Promise<void>>();

  /** Queues new deferred runs. */
  follow(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== "task-run-state") continue;
      const { run, after } = change;
      if (after.type !== "SCHEDULED" || !after.state_details.deferred) continue;
      this.#add({ id: run.id, taskKey: run.task_key });
    }
  }

  /** The next run of these tasks; `undefined` once the signal aborts. */
  async next(
    { store }: { store: Store },
    keys: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<WaitingTask | undefined> {
    // Before the first one is handed out: a run that is found later may have been handed out already.
    for (const key of keys) await this.#restore(store, key);
    for (const key of keys) {
      const task = this.#waiting.get(key)?.shift();
      if (task !== undefined) return task;
    }
    if (signal.aborted) return undefined;
    return new Promise((resolve) => {
      const taker: Taker = { keys, take: (task) => end(task) };
      const end = (task?: WaitingTask): void => {
        this.#takers.delete(taker);
        signal.removeEventListener("abort", abandon);
        resolve(task);
      };
      const abandon = (): void => end();
      signal.addEventListener("abort", abandon);
      this.#takers.add(taker);
    });
  }

  /** A worker did not acknowledge the run: it goes to the front of the queue. */
  giveBack(task: WaitingTask): void {
    this.#add(task, true);
  }

  join(identifier: string, keys: ReadonlySet<string>): void {
    const known = this.#workers.get(identifier);
    this.#workers.set(identifier, {
      keys: new Set([...(known?.keys ?? []), ...keys]),
      sockets: (known?.sockets ?? 0) + 1,
    });
  }

  leave(identifier: string): void {
    const known = this.#workers.get(identifier);
    if (known === undefined) return;
    if (known.sockets === 1) this.#workers.delete(identifier);
    else this.#workers.set(identifier, { ...known, sockets: known.sockets - 1 });
  }

  /** Connected workers that serve one of these tasks; all, when none is named. */
  workers(keys: readonly string[], now: Timestamp): TaskWorker[] {
    return [...this.#workers]
      .filter(([, worker]) => keys.length === 0 || keys.some((key) => worker.keys.has(key)))
      .map(([identifier, worker]) => ({ identifier, task_keys: [...worker.keys], timestamp: now }));
  }

  #restore(store: Store, key: string): Promise<void> {
    let restored = this.#restored.get(key);
    if (restored === undefined) {
      restored = deferredTaskRuns(store.db, key).then(
        (ids) => {
          for (const id of ids) this.#add({ id, taskKey: key });
        },
        (error: unknown) => {
          this.#restored.delete(key);
          throw error;
        },
      );
      this.#restored.set(key, restored);
    }
    return restored;
  }

  #add(task: WaitingTask, first = false): void {
    for (const taker of this.#takers) {
      if (!taker.keys.has(task.taskKey)) continue;
      taker.take(task);
      return;
    }
    const waiting = this.#waiting.get(task.taskKey) ?? [];
    if (waiting.some(({ id }) => id === task.id)) return;
    if (first) waiting.unshift(task);
    else waiting.push(task);
    this.#waiting.set(task.taskKey, waiting);
  }
}

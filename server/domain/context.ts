import type { Background } from "../runtime/background.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Ids } from "../runtime/ids.ts";
import type { Log } from "../runtime/log.ts";
import type { ServerConfig } from "../runtime/server-config.ts";
import type { Store } from "../store/store.ts";
import type { Bus } from "./bus.ts";
import type { Changes } from "./changes.ts";
import type { EventRecorder } from "./events/event-recorder.ts";
import type { TaskQueue } from "./task-queue.ts";

/** What routes and rules work with. Made once per server (create-context.ts) and passed down. */
export interface Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly config: ServerConfig;
  readonly log: Log;
  /** Where rules report what they changed (changes.ts). */
  readonly changes: Changes;
  /** For work after the response. */
  readonly background: Background;
  /** Publishes committed changes to websockets. */
  readonly bus: Bus;
  /** Records events. */
  readonly events: EventRecorder;
  /** Deferred task runs and their workers. */
  readonly taskQueue: TaskQueue;
}

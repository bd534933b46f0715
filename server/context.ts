import type { Background } from "./background.ts";
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { ServerConfig } from "./config.ts";
import type { Changes } from "./domain/changes.ts";
import type { EventRecorder } from "./domain/events/event-recorder.ts";
import type { TaskWork } from "./domain/task-work.ts";
import type { Ids } from "./ids.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/store.ts";

/** What routes and rules work with. Made once per server, passed down, never reached through a module. */
export interface Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly config: ServerConfig;
  readonly log: Log;
  /** Where rules report what they changed: see domain/changes.ts. */
  readonly changes: Changes;
  /** For what an answer leaves to be done. */
  readonly background: Background;
  /** Tells what is committed to the sockets that wait for it. */
  readonly bus: Bus;
  /** Where events go in. */
  readonly events: EventRecorder;
  /** Background runs and their workers. */
  readonly taskWork: TaskWork;
}

import type { Background } from "../runtime/background.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Ids } from "../runtime/ids.ts";
import type { Log } from "../runtime/log.ts";
import type { ServerConfig } from "../runtime/server-config.ts";
import type { Store } from "../store/store.ts";
import type { Bus } from "./bus.ts";
import type { Changes } from "./changes.ts";
import type { EventRecorder } from "./events/event-recorder.ts";
import type { TaskWork } from "./task-work.ts";

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

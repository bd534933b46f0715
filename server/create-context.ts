import { localBus } from "./domain/bus.ts";
import { type ChangeBus, changeBus } from "./domain/changes.ts";
import type { Context } from "./domain/context.ts";
import { createEventRecorder } from "./domain/event-recorder/create-event-recorder.ts";
import { TaskWork } from "./domain/task-work.ts";
import { signalPools } from "./domain/work-pools/pool-signals.ts";
import { type Background, background } from "./runtime/background.ts";
import { type Clock, systemClock } from "./runtime/clock.ts";
import { type Ids, randomIds } from "./runtime/ids.ts";
import { type Log, silentLog } from "./runtime/log.ts";
import { defaultConfig, type ServerConfig } from "./runtime/server-config.ts";
import type { Store } from "./store/store.ts";

/** What a server is made of. Only the store has to be given. */
export interface ServerParts {
  store: Store;
  clock?: Clock;
  ids?: Ids;
  config?: Partial<ServerConfig>;
  log?: Log;
  background?: Background;
}

/** With the changes' other end, for whoever else wants to listen. */
export function createContext(parts: ServerParts): Context & { readonly changes: ChangeBus } {
  const { store, clock = systemClock(), ids = randomIds(), log = silentLog } = parts;
  const bus = localBus();
  const changes = changeBus();
  const events = createEventRecorder({ store, clock, ids, log, bus });
  changes.listen(events.follow);
  changes.listen((told) => signalPools(bus, told));
  const taskWork = new TaskWork();
  changes.listen((told) => taskWork.follow(told));
  return {
    store,
    clock,
    ids,
    config: { ...defaultConfig, ...parts.config },
    log,
    changes,
    background: parts.background ?? background(log),
    bus,
    events,
    taskWork,
  };
}

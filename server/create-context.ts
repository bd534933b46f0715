import { createBus } from "./domain/bus.ts";
import { type ChangeBus, changeBus } from "./domain/changes.ts";
import type { Context } from "./domain/context.ts";
import { createEventRecorder } from "./domain/event-recorder/create-event-recorder.ts";
import { TaskQueue } from "./domain/task-queue.ts";
import { signalPools } from "./domain/work-pools/pool-signals.ts";
import { type Background, createBackground } from "./runtime/background.ts";
import { type Clock, systemClock } from "./runtime/clock.ts";
import { type Ids, randomIds } from "./runtime/ids.ts";
import { type Log, silentLog } from "./runtime/log.ts";
import { defaultConfig, type ServerConfig } from "./runtime/server-config.ts";
import type { Store } from "./store/store.ts";

/** The parts of a server that a caller may replace. Only the store is required. */
export interface ServerParts {
  store: Store;
  clock?: Clock;
  ids?: Ids;
  config?: Partial<ServerConfig>;
  log?: Log;
  background?: Background;
}

/** Makes the context of a server, and connects what listens to changes. */
export function createContext(parts: ServerParts): Context & { readonly changes: ChangeBus } {
  const { store, clock = systemClock(), ids = randomIds(), log = silentLog } = parts;
  const bus = createBus();
  const changes = changeBus();
  const events = createEventRecorder({ store, clock, ids, log, bus });
  changes.listen(events.follow);
  changes.listen((list) => signalPools(bus, list));
  const taskQueue = new TaskQueue();
  changes.listen((list) => taskQueue.follow(list));
  return {
    store,
    clock,
    ids,
    config: { ...defaultConfig, ...parts.config },
    log,
    changes,
    background: parts.background ?? createBackground(log),
    bus,
    events,
    taskQueue,
  };
}

import type { LogRow } from "../store/tables/logs.ts";
import type { Event } from "./events/event.ts";

/** What is told to whoever listens at the moment, by topic: always after it is committed. */
export interface Topics {
  events: PublishedEvent;
  logs: LogRow;
  pools: PoolSignal;
  cleanups: CleanupSignal;
}

export interface PublishedEvent {
  readonly event: Event;
  /** The event as the API shows it, written once for all listeners. */
  readonly json: string;
}

/** A pool has changed in what its workers go by, or is gone. */
export interface PoolSignal {
  readonly poolId: string;
  readonly deleted: boolean;
}

/** A pool has something that its workers may clean up. */
export interface CleanupSignal {
  readonly poolId: string;
}

export type Topic = keyof Topics;

/** Tells all listeners of a topic, in the order of publishing. Between the processes of one PostgreSQL this takes a messenger;
 *  within a process, localBus. Listeners are quick and don't throw: what takes time they do later. */
export interface Bus {
  publish<T extends Topic>(topic: T, items: readonly Topics[T][]): void;
  /** Answers how to stop listening. */
  subscribe<T extends Topic>(topic: T, listener: (items: readonly Topics[T][]) => void): () => void;
}

type Listeners = { [T in Topic]: Set<(items: readonly Topics[T][]) => void> };

export function localBus(): Bus {
  const listeners: Listeners = { events: new Set(), logs: new Set(), pools: new Set(), cleanups: new Set() };
  return {
    publish(topic, items) {
      if (items.length > 0) for (const listener of listeners[topic]) listener(items);
    },
    subscribe(topic, listener) {
      listeners[topic].add(listener);
      return () => {
        listeners[topic].delete(listener);
      };
    },
  };
}

import type { LogRow } from "../store/tables/logs.ts";
import type { Event } from "./events/event.ts";

/** What is published, by topic: always after its commit. */
export interface Topics {
  events: PublishedEvent;
  logs: LogRow;
  pools: PoolSignal;
  cleanups: CleanupSignal;
}

export interface PublishedEvent {
  readonly event: Event;
  /** The event as JSON, written once for all listeners. */
  readonly json: string;
}

/** A pool changed in a way that its workers need to know, or was deleted. */
export interface PoolSignal {
  readonly poolId: string;
  readonly deleted: boolean;
}

/** A pool has infrastructure for its workers to clean up. */
export interface CleanupSignal {
  readonly poolId: string;
}

export type Topic = keyof Topics;

/** Publish and subscribe within this process. Listeners get the items in the order of publishing; they must be quick and not throw. */
export interface Bus {
  publish<T extends Topic>(topic: T, items: readonly Topics[T][]): void;
  /** Returns the function that unsubscribes. */
  subscribe<T extends Topic>(topic: T, listener: (items: readonly Topics[T][]) => void): () => void;
}

type Listeners = { [T in Topic]: Set<(items: readonly Topics[T][]) => void> };

export function createBus(): Bus {
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

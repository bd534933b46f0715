import { AsyncLocalStorage } from "node:async_hooks";

const inside = new AsyncLocalStorage<true>();

/** Runs the work of a write, marked as such. */
export function insideWrite<T>(work: () => Promise<T>): Promise<T> {
  return inside.run(true, work);
}

/** For everything that waits for the database outside of a write. From inside, it might wait for the very write that it is part of,
 *  for ever; and it would not see what that write has done so far. Throws: Error, a mistake of ours. */
export function refuseInsideWrite(): void {
  if (inside.getStore()) throw new Error("inside Store.write only the database that is handed to the work may be used");
}

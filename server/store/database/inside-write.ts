import { AsyncLocalStorage } from "node:async_hooks";

const inside = new AsyncLocalStorage<true>();

/** Runs the work of a write, with a mark that refuseInsideWrite finds. */
export function insideWrite<T>(work: () => Promise<T>): Promise<T> {
  return inside.run(true, work);
}

/** For everything that uses the database outside of a write. Inside one, it could wait for that write for ever, and would not see its changes.
 *  Throws: Error, a bug. */
export function refuseInsideWrite(): void {
  if (inside.getStore()) throw new Error("inside Store.write only the database that is handed to the work may be used");
}

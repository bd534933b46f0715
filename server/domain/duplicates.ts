import { StoreError } from "../store/store-error.ts";
import { ApiError } from "./api-error.ts";

/** Runs `work`; a duplicate key becomes an ApiError `conflict` with that message. */
export async function conflictOnDuplicate<T>(conflict: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError && error.code === "duplicate") throw new ApiError("conflict", conflict);
    throw error;
  }
}

/** Runs a write that inserts a row which it did not find. If another request inserted it in between, the write runs again, and finds it. */
export async function retryOnDuplicate<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StoreError && error.code === "duplicate") return write();
    throw error;
  }
}

import {
  blockDocumentById,
  blockSchemaById,
  clearServerDefault,
  serverDefault,
  setServerDefault,
} from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";

/** The server's default block for results. */

const KEY = "result-storage";

/** A block document's id. */
export async function resultStorage(db: Db): Promise<string | null> {
  return serverDefault(db, KEY);
}

/** Throws: ApiError `not_found`, `unprocessable` for a block that can't write files. */
export async function setResultStorage({ store }: Context, blockDocumentId: string): Promise<void> {
  await store.write(async (tx) => {
    const document = await blockDocumentById(tx, blockDocumentId);
    if (document === undefined) throw new ApiError("not_found", `Block document ${blockDocumentId} not found.`);
    const schema = await blockSchemaById(tx, document.block_schema_id);
    if (!(parseJson(schema?.capabilities ?? "[]") as string[]).includes("write-path")) {
      throw new ApiError("unprocessable", `Block document ${blockDocumentId} cannot be used for result storage.`);
    }
    await setServerDefault(tx, KEY, blockDocumentId);
  });
}

export async function clearResultStorage({ store }: Context): Promise<void> {
  await store.write((tx) => clearServerDefault(tx, KEY));
}

/** After documents were deleted: clears the default if its block is gone. */
export async function forgetLostStorage(tx: Db): Promise<void> {
  const id = await serverDefault(tx, KEY);
  if (id !== null && (await blockDocumentById(tx, id)) === undefined) await clearServerDefault(tx, KEY);
}

import { blockTypeBy, deleteBlockType, insertBlockType, updateBlockType } from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import type { BlockTypeRow } from "../../store/tables/blocks.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { conflictOnDuplicate, retryOnDuplicate } from "../duplicates.ts";
import { forgetLostStorage } from "./result-storage.ts";

export interface NewBlockType {
  name: string;
  slug: string;
  logo_url: string | null;
  documentation_url: string | null;
  description: string | null;
  code_example: string | null;
}

export type BlockTypeChanges = Partial<Omit<NewBlockType, "name" | "slug">>;

/** Throws: ApiError `forbidden` for a name that starts with "prefect", `conflict` for one that is taken. */
export async function createBlockType(context: Context, newType: NewBlockType): Promise<BlockTypeRow> {
  if (newType.name.toLowerCase().startsWith("prefect")) {
    throw new ApiError("forbidden", "Block type names beginning with 'Prefect' are reserved.");
  }
  return conflictOnDuplicate(`Block type with name "${newType.name}" already exists`, () =>
    context.store.write((tx) => addBlockType(context, tx, newType, 0)),
  );
}

async function addBlockType(
  { clock, ids }: Context,
  tx: Db,
  newType: NewBlockType,
  is_protected: 0 | 1,
): Promise<BlockTypeRow> {
  const now = clock.now();
  const row: BlockTypeRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    ...newType,
    // Web pages show them unescaped.
    description: escaped(newType.description),
    code_example: escaped(newType.code_example),
    is_protected,
  };
  await insertBlockType(tx, row);
  return row;
}

/** Throws: ApiError `not_found`. */
export async function findBlockType(db: Db, by: { id: string } | { slug: string }): Promise<BlockTypeRow> {
  const row = await blockTypeBy(db, by);
  if (row === undefined) throw new ApiError("not_found", "Block type not found");
  return row;
}

/** Throws: ApiError `not_found`. */
export async function changeBlockType(context: Context, id: string, changes: BlockTypeChanges): Promise<void> {
  await context.store.write(async (tx) => {
    await findBlockType(tx, { id });
    await updateBlockType(tx, id, { ...changes, updated: context.clock.now() });
  });
}

/** Throws: ApiError `not_found`, `forbidden` for the server's own. */
export async function removeBlockType({ store }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    const type = await findBlockType(tx, { id });
    if (type.is_protected === 1) throw new ApiError("forbidden", "protected block types cannot be deleted.");
    await deleteBlockType(tx, id);
    await forgetLostStorage(tx);
  });
}

/** The types that Prefect's clients expect. Their schemas are created by the first client that uses them. */
const SYSTEM_TYPES: readonly NewBlockType[] = [
  { name: "Webhook", slug: "webhook", description: "Calls a URL." },
  { name: "Secret", slug: "secret", description: "A value that is only shown to flows." },
  { name: "Local File System", slug: "local-file-system", description: "Keeps files in a folder of this machine." },
].map((type) => ({ ...type, logo_url: null, documentation_url: null, code_example: null }));

export async function installSystemBlockTypes(context: Context): Promise<void> {
  await retryOnDuplicate(() =>
    context.store.write(async (tx) => {
      for (const type of SYSTEM_TYPES) {
        const known = await blockTypeBy(tx, { slug: type.slug });
        if (known === undefined) await addBlockType(context, tx, type, 1);
        else if (known.is_protected === 0) await updateBlockType(tx, known.id, { is_protected: 1 });
      }
    }),
  );
}

function escaped(text: string | null): string | null {
  return text === null ? null : text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

import type { Timestamp } from "../../values/timestamp.ts";
import type { Db } from "../store.ts";
import type { CsrfTokenRow } from "../tables/csrf-tokens.ts";

export async function tokenOfClient(db: Db, client: string): Promise<CsrfTokenRow | undefined> {
  return db.selectFrom("csrf_token").selectAll().where("client", "=", client).executeTakeFirst();
}

/** Keeps one token per client: the newest. */
export async function saveToken(tx: Db, row: CsrfTokenRow): Promise<void> {
  const { updated, token, expiration } = row;
  await tx
    .insertInto("csrf_token")
    .values(row)
    .onConflict((conflict) => conflict.column("client").doUpdateSet({ updated, token, expiration }))
    .execute();
}

export async function deleteExpiredTokens(tx: Db, now: Timestamp): Promise<void> {
  await tx.deleteFrom("csrf_token").where("expiration", "<", now).execute();
}

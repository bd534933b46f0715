import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { deleteExpiredTokens, saveToken, tokenOfClient } from "../store/queries/csrf-tokens.ts";
import type { CsrfTokenRow } from "../store/tables/csrf-tokens.ts";
import { addSeconds } from "../values/timestamp.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./context.ts";

/** Lets an unsafe request pass only with the token its client got from `GET /csrf-token`. Throws: ApiError `forbidden`.
 *  Source: prefect/server/api/middleware.py. */
export async function csrfCheck(headers: IncomingHttpHeaders, { store, clock }: Context): Promise<void> {
  const token = headers["prefect-csrf-token"];
  const client = headers["prefect-csrf-client"];
  if (token === undefined) throw new ApiError("forbidden", "Missing CSRF token.");
  if (client === undefined) throw new ApiError("forbidden", "Missing client identifier.");
  const known = await tokenOfClient(store.db, String(client));
  if (known === undefined || known.token !== token || known.expiration <= clock.now()) {
    throw new ApiError("forbidden", "Invalid CSRF token or client identifier.");
  }
}

/** Issues a new token, which replaces the client's old one. */
export async function issueToken({ store, clock, ids, config }: Context, client: string): Promise<CsrfTokenRow> {
  const now = clock.now();
  return store.write(async (tx) => {
    await deleteExpiredTokens(tx, now);
    const known = await tokenOfClient(tx, client);
    const row: CsrfTokenRow = {
      id: known?.id ?? ids.uuid4(),
      created: known?.created ?? now,
      updated: now,
      client,
      token: randomBytes(32).toString("hex"),
      expiration: addSeconds(now, config.csrfTokenLifetimeSeconds),
    };
    await saveToken(tx, row);
    return row;
  });
}

import type { Store } from "../store.ts";

/** Opens the store that `location` names and brings its tables up to date: `memory`, a `postgresql://` URL, or else the path of a
 *  SQLite file, which is made if it does not exist. Loads only the driver it needs. */
export async function openStore(location: string): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(location)) {
    const { openPostgres } = await import("./postgres/open.ts");
    return openPostgres(location);
  }
  const { openSqlite } = await import("./sqlite/open.ts");
  return openSqlite(location);
}

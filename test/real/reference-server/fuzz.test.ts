import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../../server/index.ts";
import { startPostgres } from "../../../tools/postgres.ts";
import { fuzz } from "../../server/fuzz/fuzz.ts";
import { seed } from "../../support/seed.ts";

it("a server on SQLite answers random requests with the expected statuses", async () => {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-fuzz-"));
  const store = await openStore(join(folder, "server.db"));
  const findings = await fuzz(store, { seed: String(seed), perRoute: 80 });
  await store.close();
  await rm(folder, { recursive: true, force: true });
  expect(findings).toEqual([]);
});

it("a server on PostgreSQL answers random requests with the expected statuses", async () => {
  const postgres = await startPostgres({ durable: false });
  const store = await openStore(postgres.url);
  const findings = await fuzz(store, { seed: String(seed), perRoute: 40 });
  await store.close();
  await postgres.stop();
  expect(findings).toEqual([]);
});

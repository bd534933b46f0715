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
  /** Runs the background services: schedules, late runs, expired leases, … Default: no. */
  services?: boolean;
}

export interface RunningServer {
  /** For PREFECT_API_URL: ends in `/api`. */
  readonly url: string;
  /** Finishes the requests under way, then closes everything. Takes 17 seconds at most, whatever hangs. */
  stop(): Promise<void>;
}

/** How long requests under way may take when the server stops: longer than any timeout of the databases. */
const GRACE_MS = 15_000;
/** How long everything else may take after that: a database that does not respond must not keep the server from ending. */
const CLOSE_MS = 2000;

/** Starts a server; resolves when it accepts requests. */
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
  const close = async (): Promise<void> => {
    await Promise.all([running.stop(), app.close()]);
    await store.close();
  };
  const stop = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<void>((resolve) => {
      const giveUp = (): void => {
        context.log.error({}, "the database does not respond: the server ends without finishing its work");
        resolve();
      };
      timer = setTimeout(() => {
        app.server.closeAllConnections();
        timer = setTimeout(giveUp, CLOSE_MS);
      }, GRACE_MS);
    });
    await Promise.race([close(), timedOut]).finally(() => clearTimeout(timer));
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

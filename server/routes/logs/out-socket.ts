import { logMatches } from "../../domain/logs.ts";
import { FIRST_ISSUE_ONLY } from "../../http/request/validation-error.ts";
import { writeJson } from "../../http/response/json-text.ts";
import { CLOSE_CODES, receiveObject, SocketClose, type SocketRoute } from "../../sockets/socket-route.ts";
import { logFilterBody, toLogFilter } from "./fields.ts";
import { presentLog } from "./view.ts";

/** Sends new logs. The first message holds the filter. */
export const logsOutSocket: SocketRoute = {
  path: "/logs/out",
  maxFrameBytes: 1024 * 1024,
  async handle(peer, _, { bus }) {
    const message = await receiveObject(peer);
    if (message === undefined) return;
    if (message.type !== "filter") throw new SocketClose(CLOSE_CODES.protocolError, "Expected 'filter' message");
    const result = logFilterBody.safeParse(message.filter, FIRST_ISSUE_ONLY);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new SocketClose(
        CLOSE_CODES.protocolError,
        `Invalid filter: ${["filter", ...(issue?.path ?? [])].join(".")}: ${issue?.message}`,
      );
    }
    const filter = toLogFilter(result.data);
    const stop = bus.subscribe("logs", (logs) => {
      for (const log of logs) {
        if (logMatches(filter, log)) peer.send(writeJson({ type: "log", log: presentLog(log) }));
      }
    });
    try {
      while ((await peer.receive()) !== undefined);
    } finally {
      stop();
    }
  },
};

import type { NewEvent } from "../../domain/events/event.ts";
import { limitExceeded } from "../../http/request/json-limits.ts";
import { FIRST_ISSUE_ONLY } from "../../http/request/validation-error.ts";
import type { Log } from "../../runtime/log.ts";
import type { SocketRoute } from "../../sockets/socket-route.ts";
import { parseJson } from "../../values/json.ts";
import { newEvent } from "./fields.ts";

/** Takes events from clients, one JSON text each; nothing is sent back. What is no event is skipped: a client that is disconnected for it
 *  would reconnect and send the same again, before everything else. */
export const eventsInSocket: SocketRoute = {
  path: "/events/in",
  maxFrameBytes: 16 * 1024 * 1024,
  async handle(peer, _, { events, log }) {
    for (;;) {
      // Events that came during the last write are written together. No more is read until they are written.
      const messages = await peer.receiveAll();
      if (messages.length === 0) return;
      const read = messages.flatMap((message) => readEvent(message, log) ?? []);
      if (read.length > 0) await events.record(read);
    }
  },
};

function readEvent(message: string, log: Log): NewEvent | undefined {
  const limit = limitExceeded(message);
  if (limit !== undefined) {
    log.warn({ limit, length: message.length }, "an event exceeds the limits of JSON");
    return undefined;
  }
  try {
    const result = newEvent.safeParse(parseJson(message), FIRST_ISSUE_ONLY);
    if (result.success) return result.data;
    log.warn({ problems: result.error.issues.map(({ path, message }) => ({ path, message })) }, "not an event");
  } catch (err) {
    if (!(err instanceof SyntaxError)) throw err;
    log.warn({ err }, "not an event");
  }
  return undefined;
}

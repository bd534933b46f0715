import type { SocketRoute } from "../sockets/socket-route.ts";
import { eventsInSocket } from "./events/in.ts";
import { eventsOutSocket } from "./events/out.ts";
import { logsOutSocket } from "./logs/out.ts";
import { scheduledTasksSocket } from "./task-runs/scheduled.ts";
import { workerChannelSocket } from "./workers/connect.ts";

/** Every websocket, below `/api`. */
export const socketRoutes: readonly SocketRoute[] = [
  eventsInSocket,
  eventsOutSocket,
  logsOutSocket,
  workerChannelSocket,
  scheduledTasksSocket,
];

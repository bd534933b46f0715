import type { SocketRoute } from "../sockets/socket-route.ts";
import { eventsInSocket } from "./events/in-socket.ts";
import { eventsOutSocket } from "./events/out-socket.ts";
import { logsOutSocket } from "./logs/out-socket.ts";
import { scheduledTasksSocket } from "./task-runs/scheduled-tasks-socket.ts";
import { workerChannelSocket } from "./workers/channel-socket.ts";

/** Every websocket, below `/api`. */
export const socketRoutes: readonly SocketRoute[] = [
  eventsInSocket,
  eventsOutSocket,
  logsOutSocket,
  workerChannelSocket,
  scheduledTasksSocket,
];

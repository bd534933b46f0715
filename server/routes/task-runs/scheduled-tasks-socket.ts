import type { Context } from "../../domain/context.ts";
import type { WaitingTask } from "../../domain/task-queue.ts";
import { writeJson } from "../../http/response/json-text.ts";
import type { Peer } from "../../sockets/peer.ts";
import { receiveObject, SocketClose, type SocketRoute } from "../../sockets/socket-route.ts";
import { taskRunById } from "../../store/queries/runs/task-runs.ts";
import { presentTaskRun } from "./view.ts";

/** Sends deferred task runs to task workers, one at a time: the worker acknowledges each before it gets the next. */
export const scheduledTasksSocket: SocketRoute = {
  path: "/task_runs/subscriptions/scheduled",
  maxFrameBytes: 1024 * 1024,
  async handle(peer, _, context) {
    const message = await receiveObject(peer);
    if (message === undefined) return;
    const { keys, clientId } = readSubscription(message);
    const { taskQueue } = context;
    const closed = new AbortController();
    peer.onClose(() => closed.abort());
    taskQueue.join(clientId, keys);
    try {
      for (;;) {
        const task = await taskQueue.next(context, keys, closed.signal);
        if (task === undefined) return;
        if (!(await handOver(peer, task, context))) return;
      }
    } finally {
      taskQueue.leave(clientId);
    }
  },
};

const PROTOCOL_VIOLATION = 4001;

function violation(expected: string): SocketClose {
  return new SocketClose(PROTOCOL_VIOLATION, `Protocol violation: expected ${expected}`);
}

function readSubscription(message: Record<string, unknown>): { keys: ReadonlySet<string>; clientId: string } {
  if (message.type !== "subscribe") throw violation("'subscribe' message");
  const { keys, client_id } = message;
  const texts = Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  if (texts.length === 0) throw violation("'keys' in subscribe message");
  if (typeof client_id !== "string" || client_id === "") throw violation("'client_id' in subscribe message");
  return { keys: new Set(texts), clientId: client_id };
}

/** Returns whether the worker wants more. A run that it does not acknowledge goes to the next worker. */
async function handOver(peer: Peer, task: WaitingTask, { store, clock, taskQueue }: Context): Promise<boolean> {
  const run = await taskRunById(store.db, task.id);
  // Deleted, or started in another way, while it waited.
  if (run?.state_type !== "SCHEDULED") return true;
  peer.send(writeJson(presentTaskRun(run, clock.now())));
  let acknowledged = false;
  try {
    const reply = await receiveObject(peer);
    acknowledged = reply?.type === "ack";
    if (reply !== undefined && !acknowledged && reply.type !== "quit") throw violation("'ack' message");
    return acknowledged;
  } finally {
    if (!acknowledged) taskQueue.giveBack(task);
  }
}

import { once } from "node:events";
import { WebSocket } from "ws";

/** Opens websockets that listen to events as workers do, for the event that cancels a run. Returns the function that closes them. */
export async function openListeners(api: string, count: number): Promise<() => Promise<void>> {
  const url = `${api.replace(/^http/, "ws")}/events/out`;
  const filter = {
    event: { name: ["prefect.flow-run.Cancelling"] },
    occurred: { since: new Date().toISOString(), until: new Date(Date.now() + 86_400_000).toISOString() },
  };
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url, ["prefect"]);
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "auth", token: null }));
    await once(socket, "message");
    socket.send(JSON.stringify({ type: "filter", filter }));
    return socket;
  };
  const sockets: WebSocket[] = [];
  // In batches: the backlog of a listening socket is short.
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: 20 }, open))));
  return async () => {
    await Promise.all(
      sockets.map((socket) => {
        const closed = once(socket, "close");
        socket.close();
        return closed;
      }),
    );
  };
}

import { createServer, type Socket } from "node:net";

/** The plugin `pulumi-resource-prefect`. Pulumi starts it, reads the port from the first line of stdout and connects; nothing else is
 *  written to stdout. The port is opened and printed before anything large is loaded; connections wait paused meanwhile. SIGINT has no
 *  handler on purpose: Pulumi waits for the process to exit after it, so a graceful shutdown would make every command slower. */
const waiting: Socket[] = [];
let accept = (socket: Socket): void => void waiting.push(socket);

const server = createServer({ pauseOnConnect: true }, (socket) => accept(socket));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("listening on 127.0.0.1 gave no port");
  process.stdout.write(`${address.port}\n`);
  // After the line is written, since loading takes longest.
  setImmediate(async () => {
    const { serve } = await import("./serve.ts");
    accept = serve(process.argv[2]);
    for (const socket of waiting) accept(socket);
  });
});

import { createServer, type Socket } from "node:net";

/** The plugin `pulumi-resource-prefect`. Pulumi starts it, reads the port from the first line of stdout and connects; stdout
 *  carries nothing else. The port is open and printed before anything heavy is loaded; connections that come in meanwhile wait
 *  unread. There is no handler for SIGINT on purpose: Pulumi waits for the process to end after it, so lingering would make
 *  every command slower. */
const waiting: Socket[] = [];
let accept = (socket: Socket): void => void waiting.push(socket);

const server = createServer({ pauseOnConnect: true }, (socket) => accept(socket));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("listening on 127.0.0.1 gave no port");
  process.stdout.write(`${address.port}\n`);
  // Not before the line is out: loading takes longer than all the rest.
  setImmediate(async () => {
    const { serve } = await import("./serve.ts");
    accept = serve(process.argv[2]);
    for (const socket of waiting) accept(socket);
  });
});

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type WebSocket, WebSocketServer } from "ws";
import type { Context } from "../domain/context.ts";
import { authenticate } from "./authenticate.ts";
import { Peer } from "./peer.ts";
import { CLOSE, Closing, type SocketRoute } from "./socket-route.ts";
import { type SocketMatch, socketRouter } from "./socket-router.ts";

const SUBPROTOCOL = "prefect";
/** How long peers get to answer a close when the server ends. */
const FAREWELL_MS = 1000;

/** Serves websockets on the app's port. */
export function attachSockets(app: FastifyInstance, routes: readonly SocketRoute[], context: Context): void {
  const find = socketRouter(routes);
  const open = new Set<WebSocket>();
  const answered = new WeakSet<WebSocket>();
  const servers = new Map(routes.map((route) => [route, acceptor(route.maxFrameBytes)]));
  let ending = false;

  const accept = (socket: WebSocket, { route, params }: SocketMatch): void => {
    open.add(socket);
    answered.add(socket);
    socket.on("pong", () => answered.add(socket));
    socket.on("close", () => open.delete(socket));
    void converse(socket, route, params, context);
  };

  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    const match = isWebSocket(request) ? find(request.url ?? "/") : undefined;
    const refusal = ending
      ? 503
      : match === undefined
        ? 404
        : mayEnter(request, match.route, context)
          ? undefined
          : 403;
    if (refusal !== undefined || match === undefined) {
      // Nobody else watches it any more: a peer that does not close would keep it for ever, and the server from ending.
      socket.once("finish", () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal} ${REFUSALS[refusal ?? 404]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    servers.get(match.route)?.handleUpgrade(request, socket, head, (accepted) => accept(accepted, match));
  });

  // A peer that vanished without a close is found by its silence.
  const sweep = (): void => {
    for (const socket of open) {
      if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  };
  const timer = setInterval(sweep, context.config.socketPingSeconds * 1000).unref();

  app.addHook("preClose", async () => {
    ending = true;
    clearInterval(timer);
    await farewell(open);
  });
}

const REFUSALS: Record<number, string> = { 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable" };

function acceptor(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    maxPayload,
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
}

function speaksPrefect(protocols: string | undefined): boolean {
  return (protocols ?? "").split(",").some((offered) => offered.trim() === SUBPROTOCOL);
}

/** Without the subprotocol there is no authentication, so it must not be needed. */
function mayEnter(request: IncomingMessage, route: SocketRoute, { config }: Context): boolean {
  if (speaksPrefect(request.headers["sec-websocket-protocol"])) return true;
  return config.authString === undefined && !route.requiresSubprotocol;
}

async function converse(
  socket: WebSocket,
  route: SocketRoute,
  params: Record<string, string>,
  context: Context,
): Promise<void> {
  const { config, log } = context;
  const peer = new Peer(socket, config.socketBacklogBytes);
  try {
    if (socket.protocol === SUBPROTOCOL) {
      const rules = { authString: config.authString, failedReason: route.authFailedReason };
      if (!(await authenticate(peer, rules))) return;
    }
    await route.handle(peer, params, context);
    peer.close(CLOSE.normal);
  } catch (error) {
    if (error instanceof Closing) peer.close(error.code, shortened(error.message));
    else {
      log.error({ err: error, path: route.path }, "a websocket failed");
      peer.close(CLOSE.internalError);
    }
  }
}

/** A close frame holds 123 bytes of reason. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= 123 ? reason : new TextDecoder().decode(bytes.subarray(0, 120), { stream: true });
}

async function farewell(open: ReadonlySet<WebSocket>): Promise<void> {
  if (open.size === 0) return;
  const gone = [...open].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
  for (const socket of open) socket.close(CLOSE.serviceRestart, "Server is shutting down");
  const late = setTimeout(() => {
    for (const socket of open) socket.terminate();
  }, FAREWELL_MS);
  await Promise.all(gone);
  clearTimeout(late);
}

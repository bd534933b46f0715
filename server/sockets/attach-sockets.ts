import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type WebSocket, WebSocketServer } from "ws";
import type { Context } from "../domain/context.ts";
import { authenticate } from "./authenticate.ts";
import { Peer } from "./peer.ts";
import { CLOSE_CODES, SocketClose, type SocketRoute } from "./socket-route.ts";
import { type SocketMatch, socketRouter } from "./socket-router.ts";

const SUBPROTOCOL = "prefect";
/** How long peers may take to answer a close when the server stops. */
const CLOSE_MS = 1000;

/** Serves websockets on the app's port. */
export function attachSockets(app: FastifyInstance, routes: readonly SocketRoute[], context: Context): void {
  const find = socketRouter(routes);
  const open = new Set<WebSocket>();
  const alive = new WeakSet<WebSocket>();
  const servers = new Map(routes.map((route) => [route, acceptor(route.maxFrameBytes)]));
  let closing = false;

  const accept = (socket: WebSocket, { route, params }: SocketMatch): void => {
    open.add(socket);
    alive.add(socket);
    socket.on("pong", () => alive.add(socket));
    socket.on("close", () => open.delete(socket));
    void serve(socket, route, params, context);
  };

  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    const match = isWebSocket(request) ? find(request.url ?? "/") : undefined;
    const allowed = match !== undefined && isAllowed(request, match.route, context);
    if (closing || !allowed) {
      const status = closing ? 503 : match === undefined ? 404 : 403;
      // Nothing else watches the socket: a peer that does not close it would keep the server from ending.
      socket.once("finish", () => socket.destroy());
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    servers.get(match.route)?.handleUpgrade(request, socket, head, (accepted) => accept(accepted, match));
  });

  // A peer that is gone without a close is found by a missing pong.
  const sweep = (): void => {
    for (const socket of open) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  };
  const timer = setInterval(sweep, context.config.socketPingSeconds * 1000).unref();

  app.addHook("preClose", async () => {
    closing = true;
    clearInterval(timer);
    await closeAll(open);
  });
}

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

function offersSubprotocol(protocols: string | undefined): boolean {
  return (protocols ?? "").split(",").some((offered) => offered.trim() === SUBPROTOCOL);
}

/** Without the subprotocol there is no authentication, so it must not be required. */
function isAllowed(request: IncomingMessage, route: SocketRoute, { config }: Context): boolean {
  if (offersSubprotocol(request.headers["sec-websocket-protocol"])) return true;
  return config.authString === undefined && !route.requiresSubprotocol;
}

async function serve(
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
    peer.close(CLOSE_CODES.normal);
  } catch (error) {
    if (error instanceof SocketClose) peer.close(error.code, shortened(error.message));
    else {
      log.error({ err: error, path: route.path }, "a websocket failed");
      peer.close(CLOSE_CODES.internalError);
    }
  }
}

/** The reason in a close frame has at most 123 bytes. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= 123 ? reason : new TextDecoder().decode(bytes.subarray(0, 120), { stream: true });
}

async function closeAll(open: ReadonlySet<WebSocket>): Promise<void> {
  if (open.size === 0) return;
  const closed = [...open].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
  for (const socket of open) socket.close(CLOSE_CODES.serviceRestart, "Server is shutting down");
  const timer = setTimeout(() => {
    for (const socket of open) socket.terminate();
  }, CLOSE_MS);
  await Promise.all(closed);
  clearTimeout(timer);
}

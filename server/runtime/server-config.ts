/** How a server behaves. Read once (serve/serve-options.ts), then passed down. */
export interface ServerConfig {
  /** `user:password` that every request must send as HTTP Basic; `undefined`: no authentication. */
  readonly authString: string | undefined;
  /** POST, PUT, PATCH and DELETE need a token from `GET /csrf-token`. */
  readonly csrfProtection: boolean;
  readonly csrfTokenLifetimeSeconds: number;
  /** Most rows in one response, and the default of `limit`. */
  readonly pageLimit: number;
  /** Largest request body. */
  readonly bodyLimitBytes: number;
  /** Interval of websocket pings. A peer that does not answer one until the next is disconnected. */
  readonly socketPingSeconds: number;
  /** Most bytes that are buffered for a websocket's peer that does not read; then it is disconnected. */
  readonly socketBacklogBytes: number;
  /** How long events are kept. */
  readonly eventRetentionSeconds: number;
  /** Logs a line for each request, and sends its id (X-Request-Id). */
  readonly accessLog: boolean;
  /** Responds with 500 when a response does not fit its declared type. For tests: it takes time. */
  readonly checkResponses: boolean;
  /** The Prefect release that this server behaves like. */
  readonly prefectVersion: string;
}

export const defaultConfig: ServerConfig = {
  authString: undefined,
  csrfProtection: false,
  csrfTokenLifetimeSeconds: 3600,
  pageLimit: 200,
  bodyLimitBytes: 32 * 1024 * 1024,
  socketPingSeconds: 20,
  socketBacklogBytes: 8 * 1024 * 1024,
  eventRetentionSeconds: 7 * 86_400,
  accessLog: false,
  checkResponses: false,
  prefectVersion: "3.8.4",
};

/** Upstream's API_VERSION: what `GET /version` answers and clients send as X-PREFECT-API-VERSION. */
export const API_VERSION = "0.8.4";

/** How a server behaves. Read once (serve/serve-options.ts), then passed down. */
export interface ServerConfig {
  /** `user:password` that every request must bring as HTTP Basic; `undefined`: open. */
  readonly authString: string | undefined;
  /** Unsafe requests need a token from `GET /csrf-token`. */
  readonly csrfProtection: boolean;
  readonly csrfTokenLifetimeSeconds: number;
  /** Most rows in one answer, and how many when the request does not say. */
  readonly pageLimit: number;
  /** Largest body that is read. */
  readonly bodyLimitBytes: number;
  /** Silence after which a websocket's other end is asked for a sign of life, and the same again until it is given up. */
  readonly socketPingSeconds: number;
  /** What a websocket's other end may leave unread before it is dropped. */
  readonly socketBacklogBytes: number;
  /** How long events are kept. */
  readonly eventRetentionSeconds: number;
  /** Logs a line for each request, and names the request in its answer (X-Request-Id). */
  readonly accessLog: boolean;
  /** Says 500 when an answer does not fit its declared shape. For tests: it costs time. */
  readonly checkResponses: boolean;
  /** The Prefect release whose clients are answered as its own server would. */
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

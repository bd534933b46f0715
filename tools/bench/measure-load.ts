import { Client } from "undici";
import { quantile } from "./statistics.ts";

export interface Call {
  method: "GET" | "POST";
  /** Below the API's URL. */
  path: string;
  body?: unknown;
  /** Checks the body of a 2xx response. Absent: every 2xx response is correct. */
  isCorrect?(body: unknown): boolean;
}

export interface Load {
  clients: number;
  /** The load ends after this time, or after `maxRequests`. */
  seconds: number;
  maxRequests: number;
  /** The nth call of a client. */
  next(client: number, turn: number): Call;
}

export interface Outcome {
  seconds: number;
  succeeded: number;
  /** Responses that were not 2xx or not correct, and requests without a response. */
  failed: number;
  p50Ms: number;
  p95Ms: number;
}

const TIMEOUT_MS = 30_000;
const WARM_UP_SECONDS = 0.5;

/** Runs a load against a server, after a short warm-up: each client has one keep-alive connection and sends its next request when it has
 *  the response to the last one. */
export async function measure(api: string, load: Load): Promise<Outcome> {
  await run(api, {
    ...load,
    seconds: Math.min(WARM_UP_SECONDS, load.seconds),
    maxRequests: Math.ceil(load.maxRequests / 10),
  });
  return run(api, load);
}

async function run(api: string, { clients, seconds, maxRequests, next }: Load): Promise<Outcome> {
  const { origin, pathname } = new URL(api);
  const durations: number[] = [];
  let failed = 0;
  let started = 0;
  const start = performance.now();
  const isOver = () => started >= maxRequests || performance.now() - start >= seconds * 1000;
  const runClient = async (client: number): Promise<void> => {
    const connection = new Client(origin, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
    for (let turn = 0; !isOver(); turn++) {
      started += 1;
      const sent = performance.now();
      if (await succeeds(connection, pathname, next(client, turn))) durations.push(performance.now() - sent);
      else failed += 1;
    }
    await connection.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => runClient(client)));
  const p50Ms = quantile(durations, 0.5);
  return {
    seconds: (performance.now() - start) / 1000,
    succeeded: durations.length,
    failed,
    p50Ms,
    p95Ms: quantile(durations, 0.95),
  };
}

async function succeeds(connection: Client, base: string, { method, path, body, isCorrect }: Call): Promise<boolean> {
  try {
    const response = await connection.request({
      method,
      path: base + path,
      headers: { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) return false;
    return isCorrect === undefined || isCorrect(JSON.parse(text));
  } catch (error) {
    // Connection reset or timeout.
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

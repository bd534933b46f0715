import { Client } from "undici";
import { quantile } from "./statistics.ts";

export interface Call {
  method: "GET" | "POST";
  /** Below the API's URL. */
  path: string;
  body?: unknown;
  /** Judges an answer of 2xx by what it says; without it every such answer is right. */
  isRight?(body: unknown): boolean;
}

export interface Load {
  clients: number;
  /** Whichever comes first ends it. */
  seconds: number;
  most: number;
  /** What a client asks for the nth time. */
  next(client: number, turn: number): Call;
}

export interface Outcome {
  seconds: number;
  right: number;
  /** Answers that were no success or said something else, and requests without an answer. */
  wrong: number;
  p50Ms: number;
  p95Ms: number;
}

/** How long a client waits for an answer before it counts as none. */
const PATIENCE_MS = 30_000;
const WARM_UP_SECONDS = 0.5;

/** Has clients ask a server, each on a connection of its own that stays open, one request after the other, as fast as they are
 *  answered. */
export async function measure(api: string, load: Load): Promise<Outcome> {
  await run(api, { ...load, seconds: Math.min(WARM_UP_SECONDS, load.seconds), most: Math.ceil(load.most / 10) });
  return run(api, load);
}

async function run(api: string, { clients, seconds, most, next }: Load): Promise<Outcome> {
  const { origin, pathname } = new URL(api);
  const took: number[] = [];
  let wrong = 0;
  let started = 0;
  const start = performance.now();
  const over = () => started >= most || performance.now() - start >= seconds * 1000;
  const one = async (client: number): Promise<void> => {
    const connection = new Client(origin, { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
    for (let turn = 0; !over(); turn++) {
      started += 1;
      const asked = performance.now();
      if (await isAnswered(connection, pathname, next(client, turn))) took.push(performance.now() - asked);
      else wrong += 1;
    }
    await connection.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
  const p50Ms = quantile(took, 0.5);
  return { seconds: (performance.now() - start) / 1000, right: took.length, wrong, p50Ms, p95Ms: quantile(took, 0.95) };
}

async function isAnswered(connection: Client, base: string, { method, path, body, isRight }: Call): Promise<boolean> {
  try {
    const answer = await connection.request({
      method,
      path: base + path,
      headers: { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) return false;
    return isRight === undefined || isRight(JSON.parse(text));
  } catch (error) {
    // Reset, or no answer in time: what is counted here.
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

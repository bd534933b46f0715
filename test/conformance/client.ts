import { randomUUID } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Answered, Step } from "./step.ts";

/** Sends steps to one server. Everything it makes there has a name with a prefix of its own. */
export interface Client {
  /** Of the present area: what areas make does not meet. */
  readonly prefix: string;
  /** Starts an area: forgets what earlier steps kept. */
  begin(): void;
  send(step: Step): Promise<Answered>;
  /** Takes away what was made, whatever became of the steps. */
  cleanUp(): Promise<void>;
}

export function clientOf(base: string): Client {
  const run = `cmp-${randomUUID().slice(0, 8)}-`;
  let area = 0;
  let prefix = `${run}${area}-`;
  let kept = new Map<string, string>();

  const once = async (step: Step): Promise<Answered> => {
    const fill = (text: string) =>
      text
        .replaceAll("$", prefix)
        .replace(/\{uuid:(\w+)\}/g, (_, name: string) => uuidNamed(name))
        .replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
    const payload = step.rawBody ?? (step.body === undefined ? undefined : JSON.stringify(step.body));
    const { response, text } = await exchange(base + fill(step.path), {
      method: step.method,
      headers: { ...(payload !== undefined && { "content-type": "application/json" }), ...step.headers },
      payload: payload === undefined ? "" : fill(payload),
    });
    const body: unknown = text === "" ? null : step.text ? text : JSON.parse(text);
    for (const [name, member] of Object.entries(step.keep ?? {})) {
      kept.set(name, String((body as Record<string, unknown>)[member]));
    }
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers["retry-after"] !== undefined,
      location: response.headers.location?.replace(base, "") ?? null,
      body,
    };
  };

  const uuidNamed = (name: string): string => {
    const uuid = kept.get(name) ?? randomUUID();
    kept.set(name, uuid);
    return uuid;
  };

  /** On SQLite a real server refuses a request now and then, because another one of its own tasks writes. */
  const send = async (step: Step): Promise<Answered> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(step);
      if (isSettled(step, answer) || attempt === MOST_ATTEMPTS) return answer;
      if (answer.status !== 503) await delay(BETWEEN_ATTEMPTS_MS);
    }
  };

  return {
    get prefix() {
      return prefix;
    },
    begin() {
      area += 1;
      prefix = `${run}${area}-`;
      kept = new Map();
    },
    send,
    async cleanUp() {
      for (const [path, way] of [
        ["/flows", ""],
        ["/work_pools", ""],
        ["/v2/concurrency_limits", ""],
        ["/variables", "/name"],
      ] as const) {
        const list = await send({ title: "list", method: "POST", path: `${path}/filter`, body: {} });
        for (const { id, name } of list.body as { id: string; name: string }[]) {
          if (!name.includes(run)) continue;
          const key = path === "/flows" ? id : encodeURIComponent(name);
          await send({ title: "delete", method: "DELETE", path: `${path}${way}/${key}` });
        }
      }
    },
  };
}

const MOST_ATTEMPTS = 100;
const BETWEEN_ATTEMPTS_MS = 200;

function isSettled({ eventually }: Step, { status, body }: Answered): boolean {
  if (status === 503) return false;
  return eventually === undefined || (body as Record<string, unknown> | null)?.[eventually.member] === eventually.value;
}

/** A connection for each request: a real server closes it after an answer of 500. */
async function exchange(
  url: string,
  { method, headers, payload }: { method: string; headers: Record<string, string>; payload: string },
): Promise<{ response: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const length = payload === "" ? {} : { "content-length": String(Buffer.byteLength(payload)) };
    const call = request(url, { method, headers: { ...headers, ...length }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ response, text: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(payload);
  });
}

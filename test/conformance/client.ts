import { randomUUID } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Step, StepResponse } from "./step.ts";

/** Sends steps to one server. All objects that it creates have names with a unique prefix. */
export interface Client {
  /** Of the current area, so that the objects of areas do not collide. */
  readonly prefix: string;
  /** Starts an area: drops the values that earlier steps saved. */
  begin(): void;
  send(step: Step): Promise<StepResponse>;
  /** Deletes what was created, also after failed steps. */
  cleanUp(): Promise<void>;
}

export function createClient(base: string): Client {
  const run = `cmp-${randomUUID().slice(0, 8)}-`;
  let area = 0;
  let prefix = `${run}${area}-`;
  let kept = new Map<string, string>();

  const once = async (step: Step): Promise<StepResponse> => {
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

  /** Retries: on SQLite a real server sometimes refuses a request (503) while another of its own tasks writes. */
  const send = async (step: Step): Promise<StepResponse> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(step);
      if (isSettled(step, answer) || attempt === MAX_ATTEMPTS) return answer;
      if (answer.status !== 503) await delay(RETRY_DELAY_MS);
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

const MAX_ATTEMPTS = 100;
const RETRY_DELAY_MS = 200;

function isSettled({ eventually }: Step, { status, body }: StepResponse): boolean {
  if (status === 503) return false;
  return eventually === undefined || (body as Record<string, unknown> | null)?.[eventually.member] === eventually.value;
}

/** One connection per request: a real server closes it after a 500. */
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

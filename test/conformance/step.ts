/** One request that is sent to both servers, and how far the responses may differ. */
export interface Step {
  title: string;
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below /api. `$` stands for the run's own prefix of names; `{name}` for a value that an earlier step kept. */
  path: string;
  /** JSON; the same placeholders work in its strings, and `{uuid:name}` for a random one that stays the same in the area. */
  body?: unknown;
  /** Sent unchanged, instead of `body`. */
  rawBody?: string;
  headers?: Record<string, string>;
  /** Saves members of the response for later steps: placeholder -> name of the member. */
  keep?: Record<string, string>;
  /** The response is not JSON. */
  text?: boolean;
  /** The step is repeated until this member of the response has this value: a real server does some things asynchronously. */
  eventually?: { member: string; value: unknown };
  /** Members of the response that are not compared, at any depth, with the reason. */
  ignore?: { members: string[]; why: string };
  /** Only the status and the keys of the body are compared. The reason. */
  keysOnly?: string;
  /** Responses that differ on purpose: only these statuses are expected. */
  knownDifference?: { real: number; ours: number; why: string };
}

export interface StepResponse {
  status: number;
  retryAfter: boolean;
  location: string | null;
  /** Parsed JSON; null also where there is no body. */
  body: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g;

/** The part of a response that is compared: without ids, times and ignored members; of lists, only what this run created. */
export function comparable(step: Step, answer: StepResponse, prefix: string): unknown {
  if (step.knownDifference !== undefined) return { status: answer.status };
  if (step.keysOnly !== undefined) {
    const { body } = answer;
    const members = typeof body === "object" && body !== null ? Object.keys(body).sort() : body;
    return { status: answer.status, members };
  }
  return strip(answer, step.ignore?.members ?? [], prefix);
}

function strip(value: unknown, ignored: readonly string[], prefix: string): unknown {
  if (typeof value === "string") return value.replaceAll(prefix, "$").replace(UUID, "<id>").replace(TIME, "<time>");
  if (Array.isArray(value)) {
    return value.filter((item) => isOwn(item, prefix)).map((item) => strip(item, ignored, prefix));
  }
  if (typeof value !== "object" || value === null) return value;
  const without = [...ignored, ...parserMessages(value)];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !without.includes(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, strip(item, ignored, prefix)]),
  );
}

/** Errors about UUIDs and JSON name the exact character in the words of the real server's parsers. */
function parserMessages(value: object): string[] {
  const type = "type" in value ? value.type : undefined;
  if (type === "uuid_parsing") return ["msg", "ctx"];
  return type === "json_invalid" ? ["loc", "ctx"] : [];
}

const NAMES = ["name", "tag", "work_pool_name", "event", "key"];

/** Members that only parts of objects have: states, schedules, triggers, nodes of a graph and artifacts in it. */
const PARTS = ["state_details", "schedule", "posture", "encapsulating", "is_latest"];

/** Whether an item of a list was created by this run: the real server may hold others. Parts of objects and bare references always are. */
function isOwn(item: unknown, prefix: string): boolean {
  if (typeof item !== "object" || item === null || !("id" in item)) return true;
  if (PARTS.some((member) => member in item) || Object.keys(item).length === 1) return true;
  if ("block_type" in item && isOwn(item.block_type, prefix)) return true;
  return NAMES.some((member) => String((item as Record<string, unknown>)[member] ?? "").includes(prefix));
}

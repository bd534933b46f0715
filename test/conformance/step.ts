/** One request that is sent to both servers, and how far the answers may differ. */
export interface Step {
  title: string;
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below /api. `$` stands for the run's own prefix of names; `{name}` for a value that an earlier step kept. */
  path: string;
  /** JSON; the same stand-ins work in its strings, and `{uuid:name}` for a random one that stays the same in the area. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  rawBody?: string;
  headers?: Record<string, string>;
  /** Keeps members of the answer for later steps: stand-in -> name of the member. */
  keep?: Record<string, string>;
  /** The answer is no JSON. */
  text?: boolean;
  /** The step is repeated until this member of the answer has this value: a real server does some things later. */
  eventually?: { member: string; value: unknown };
  /** Members of the answer that are not compared, at any depth, with the reason. */
  apart?: { members: string[]; why: string };
  /** Only status and kind of body are compared, with the reason. */
  roughly?: string;
  /** Answers that differ on purpose: just these statuses are demanded of the two. */
  differs?: { real: number; ours: number; why: string };
}

export interface Answered {
  status: number;
  retryAfter: boolean;
  location: string | null;
  /** Parsed JSON; null also where there is no body. */
  body: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g;

/** What is compared of the answer to a step: no ids, no times, nothing of what the step sets apart; of lists, only what the run
 *  itself has made. */
export function comparable(step: Step, answer: Answered, prefix: string): unknown {
  if (step.differs !== undefined) return { status: answer.status };
  if (step.roughly !== undefined) {
    const { body } = answer;
    const members = typeof body === "object" && body !== null ? Object.keys(body).sort() : body;
    return { status: answer.status, members };
  }
  return strip(answer, step.apart?.members ?? [], prefix);
}

function strip(value: unknown, apart: readonly string[], prefix: string): unknown {
  if (typeof value === "string") return value.replaceAll(prefix, "$").replace(UUID, "<id>").replace(TIME, "<time>");
  if (Array.isArray(value)) {
    return value.filter((item) => isOwn(item, prefix)).map((item) => strip(item, apart, prefix));
  }
  if (typeof value !== "object" || value === null) return value;
  const without = [...apart, ...parserWords(value)];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !without.includes(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, strip(item, apart, prefix)]),
  );
}

/** Of complaints about UUIDs and JSON, where the parsers behind the real server tell the exact letter. */
function parserWords(value: object): string[] {
  const type = "type" in value ? value.type : undefined;
  if (type === "uuid_parsing") return ["msg", "ctx"];
  return type === "json_invalid" ? ["loc", "ctx"] : [];
}

const NAMES = ["name", "tag", "work_pool_name", "event", "key"];

/** Members of things that are always somebody's: states, schedules, triggers, nodes of a graph and artifacts in it. */
const PARTS = ["state_details", "schedule", "posture", "encapsulating", "is_latest"];

/** Whether a named thing in a list is one of ours: the real server may hold others. Parts of things are, and bare references. */
function isOwn(item: unknown, prefix: string): boolean {
  if (typeof item !== "object" || item === null || !("id" in item)) return true;
  if (PARTS.some((member) => member in item) || Object.keys(item).length === 1) return true;
  if ("block_type" in item && isOwn(item.block_type, prefix)) return true;
  return NAMES.some((member) => String((item as Record<string, unknown>)[member] ?? "").includes(prefix));
}

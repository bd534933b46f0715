import { brokenBody, hostile, hostileText, write } from "./hostile.ts";
import type { KnownObjects } from "./known-objects.ts";
import type { Random } from "./random.ts";

interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

interface Operation {
  parameters: readonly { name: string; in: "path" | "query"; required: boolean; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface FuzzRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload: string | undefined;
}

/** Which objects a field refers to, by its name and its path. */
function kindOf(name: string, path: string): string {
  if (name === "id" || name === "any_" || name === "name") {
    const [, root = ""] = path.split("/");
    const kind = KINDS[root] ?? root.replace(/s$/, "");
    if (name === "name" && path.includes("/queues/")) return "work_queue_name";
    if (name === "name" && path.includes("/workers/")) return "worker_name";
    return `${kind}_${name === "any_" ? "id" : name}`;
  }
  return SAME[name] ?? name;
}

const KINDS: Record<string, string> = {
  v2: "limit",
  flow_run_states: "state",
  task_run_states: "state",
  concurrency_limits: "concurrency_limit",
};
const SAME: Record<string, string> = { id_or_name: "limit_name", names: "limit_name", pool_name: "work_pool_name" };

/** Makes requests to one operation: most of them nearly right. */
export function requestMaker(document: Document, method: string, path: string) {
  const operation = document.paths[path]?.[method];
  if (operation === undefined) throw new Error(`${method} ${path} is not in the document`);
  const schema = operation.requestBody?.content["application/json"].schema;

  return (objects: KnownObjects, random: Random): FuzzRequest => {
    /** How often a value is replaced by a hostile one: most requests have few of them, to get far. */
    const spite = random.pick([0, 0.02, 0.1, 0.4]);
    const draw = new Draw(document, path, objects, random, spite);
    const query = new URLSearchParams();
    let url = path;
    for (const parameter of operation.parameters) {
      if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, draw.pathSegment(parameter.name));
      else if (parameter.required || random.chance(0.7)) {
        query.append(parameter.name, String(draw.value(parameter.schema, parameter.name, 0)).toWellFormed());
      }
    }
    if (random.chance(0.05)) query.append(hostileText(random).toWellFormed(), hostileText(random).toWellFormed());
    const asked = query.size === 0 ? url : `${url}?${query}`;
    const payload = schema === undefined || random.chance(0.02) ? undefined : draw.body(schema);
    return {
      method: method.toUpperCase(),
      url: `/api${asked}`,
      headers: payload === undefined ? {} : { "content-type": "application/json" },
      payload,
    };
  };
}

class Draw {
  readonly #document: Document;
  readonly #path: string;
  readonly #objects: KnownObjects;
  readonly #random: Random;
  readonly #spite: number;

  constructor(document: Document, path: string, objects: KnownObjects, random: Random, spite: number) {
    this.#document = document;
    this.#path = path;
    this.#objects = objects;
    this.#random = random;
    this.#spite = spite;
  }

  pathSegment(name: string): string {
    const known = this.#known(name);
    if (known !== undefined && !this.#random.chance(this.#spite)) return encodeURIComponent(known);
    return this.#random.chance(0.1)
      ? hostileText(this.#random)
          .toWellFormed()
          .replace(/[#?\0\n ]/g, "")
      : this.#strange();
  }

  body(schema: Schema): string {
    if (this.#random.chance(this.#spite / 10)) return brokenBody(this.#random);
    return write(this.value(schema, "", 0));
  }

  value(schema: Schema, name: string, depth: number): unknown {
    if (this.#random.chance(this.#spite)) return hostile(this.#random);
    if (schema.$ref !== undefined) {
      return this.value(this.#document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}, name, depth);
    }
    const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (options !== undefined) return this.value(this.#random.pick(options), name, depth);
    if (schema.enum !== undefined) return this.#random.pick(schema.enum);
    if (schema.const !== undefined) return schema.const;
    const type = typeof schema.type === "object" ? this.#random.pick(schema.type) : schema.type;
    switch (type) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return Array.from({ length: this.#random.below(4) }, () => this.value(schema.items ?? {}, name, depth + 1));
      case "string":
        return this.#text(schema, name);
      case "integer":
        return this.#number(schema, (low, high) => low + this.#random.below(Math.min(high - low, 1000) + 1));
      case "number":
        return this.#number(schema, (low, high) => low + this.#random.next() * (high - low));
      case "boolean":
        return this.#random.chance(0.5);
      case "null":
        return null;
      default:
        return this.#random.pick<unknown>([null, 1, "text", { a: [1, { b: null }] }, []]);
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const share = depth === 0 ? 0.6 : 0.3;
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      const wanted = schema.required?.includes(name)
        ? !this.#random.chance(this.#spite / 4)
        : this.#random.chance(share);
      if (wanted) object[name] = this.value(member, name, depth + 1);
    }
    if (typeof schema.additionalProperties === "object" && this.#random.chance(0.5)) {
      object[hostileText(this.#random)] = this.value(schema.additionalProperties, "", depth + 1);
    }
    if (schema.properties === undefined && schema.additionalProperties === true) {
      for (let count = this.#random.below(3); count > 0; count--) object[`k${count}`] = this.value({}, "", depth + 1);
    }
    if (this.#random.chance(this.#spite / 2)) object[hostileText(this.#random)] = hostile(this.#random);
    return object;
  }

  #number(schema: Schema, between: (low: number, high: number) => number): number {
    const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1);
    return between(low, schema.maximum ?? low + 100);
  }

  #text(schema: Schema, name: string): string {
    const known = this.#known(name);
    if (known !== undefined && this.#random.chance(0.8)) return known;
    if (schema.format === "uuid") return "11111111-2222-4333-8444-555555555555";
    if (schema.format === "date-time") return `2026-11-2${this.#random.below(10)}T12:00:00Z`;
    return this.#random.pick(["x", "some words", "ünï-cødé", "UTC", "Europe/Berlin", "0 * * * *", "FREQ=DAILY"]);
  }

  #known(name: string): string | undefined {
    const known = this.#objects.get(kindOf(name, this.#path));
    return known === undefined ? undefined : this.#random.pick(known);
  }

  #strange(): string {
    const text = this.#random.pick([hostileText(this.#random), "11111111-2222-4333-8444-555555555555", "nobody"]);
    return encodeURIComponent(text.toWellFormed()) || "x";
  }
}

import { hasUnknown, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import { metaschemas } from "./metaschema.ts";
import { Stopped } from "./outcome.ts";
import { repr } from "./python-text.ts";

/** Where references are looked up from: the base address, and the addresses passed through on the way, the outermost last
 *  (`$dynamicRef` takes the outermost that has the anchor, so each is kept once). */
export interface Scope {
  readonly base: string;
  readonly previous: readonly string[];
}

export interface Resolved {
  contents: Plan;
  scope: Scope;
}

interface Anchor {
  contents: Plan;
  dynamic: boolean;
}

const ONE = [
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
];
const IN_VALUE = new Set([...ONE, "unevaluatedItems", "unevaluatedProperties"]);
const IN_ARRAY = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const IN_OBJECT = new Set(["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"]);

/** Schemas that say to be of these are not judged: their keywords mean other things. */
export const OTHER_DRAFTS: ReadonlySet<string> = new Set([
  "https://json-schema.org/draft/2019-09/schema",
  ...["07", "06", "04", "03"].map((draft) => `http://json-schema.org/draft-${draft}/schema`),
]);

/** The schemas directly inside a schema, with where they stand. */
export function* subschemas(schema: Plan): Generator<[Path, Plan]> {
  if (!isObject(schema)) return;
  for (const [key, value] of Object.entries(schema as PlanObject)) {
    if (IN_VALUE.has(key)) yield [[key], value];
    else if (IN_ARRAY.has(key) && Array.isArray(value))
      for (const [index, each] of value.entries()) yield [[key, index], each];
    else if (IN_OBJECT.has(key) && isObject(value)) {
      for (const [name, each] of Object.entries(value as PlanObject)) yield [[key, name], each];
    }
  }
}

/** The documents that references can lead to: the one at hand and JSON Schema's own; nothing is ever fetched.
 *  Follows the Python library `referencing`. */
export class Registry {
  private readonly resources = new Map<string, Plan>();
  private readonly anchors = new Map<string, Anchor>();
  private readonly joined = new Map<string, [string, string]>();
  private uncrawled: [string, Plan][] = [];
  readonly root: Scope;

  /** Whether what is looked for may be in a part of the document that is not known yet. */
  private readonly partial: boolean;

  constructor(root: Plan) {
    this.partial = hasUnknown(root);
    for (const [address, document] of metaschemas()) this.add(address, document);
    for (const address of OTHER_DRAFTS) this.resources.set(address, { $schema: address });
    const base = idOf(root) ?? "";
    this.add(base, root);
    this.root = { base, previous: [] };
  }

  private add(address: string, document: Plan): void {
    this.resources.set(address, document);
    this.uncrawled.push([address, document]);
  }

  lookup(scope: Scope, reference: string, at: Path): Resolved {
    const [address, fragment] = reference.startsWith("#")
      ? [scope.base, reference.slice(1)]
      : this.absolute(scope.base, reference);
    if (!this.resources.has(address)) this.crawl();
    const document = this.resources.get(address);
    if (document === undefined) {
      if (this.partial) return { contents: UNKNOWN, scope };
      throw new Stopped("unresolvable", at, `Unresolvable: ${reference}`);
    }
    const inside = passOn(scope, address);
    if (fragment.startsWith("/")) return point(document, fragment, inside, at);
    if (fragment === "") return { contents: document, scope: inside };
    const anchor = this.anchor(address, fragment);
    if (anchor === undefined) {
      if (this.partial) return { contents: UNKNOWN, scope };
      const kind = fragment.includes("/") ? "InvalidAnchor" : "NoSuchAnchor";
      throw new Stopped("unresolvable", at, `${kind}: ${repr(fragment)} does not exist within ${repr(document)}`);
    }
    return anchor.dynamic ? this.dynamic(anchor, fragment, inside) : { contents: anchor.contents, scope: inside };
  }

  private absolute(base: string, reference: string): [string, string] {
    const key = `${base}\n${reference}`;
    const known = this.joined.get(key);
    if (known !== undefined) return known;
    const found = split(join(base, reference));
    this.joined.set(key, found);
    return found;
  }

  private dynamic(first: Anchor, name: string, scope: Scope): Resolved {
    let last = first;
    for (const address of scope.previous) {
      const anchor = this.anchor(address, name);
      if (anchor?.dynamic) last = anchor;
    }
    return { contents: last.contents, scope: enter(scope, last.contents) };
  }

  private anchor(address: string, name: string): Anchor | undefined {
    this.crawl();
    return (
      this.anchors.get(`${address}\n${name}`) ??
      this.anchors.get(`${idOf(this.resources.get(address) ?? null) ?? address}\n${name}`)
    );
  }

  private crawl(): void {
    for (let next = this.uncrawled.pop(); next !== undefined; next = this.uncrawled.pop()) {
      const [outer, schema] = next;
      const id = idOf(schema);
      const address = id === undefined ? outer : join(outer, id);
      if (id !== undefined) this.resources.set(address, schema);
      if (!isObject(schema)) continue;
      const { $anchor, $dynamicAnchor } = schema as PlanObject;
      if (typeof $anchor === "string") this.anchors.set(`${address}\n${$anchor}`, { contents: schema, dynamic: false });
      if (typeof $dynamicAnchor === "string") {
        this.anchors.set(`${address}\n${$dynamicAnchor}`, { contents: schema, dynamic: true });
      }
      for (const [, each] of subschemas(schema)) this.uncrawled.push([address, each]);
    }
  }
}

function idOf(schema: Plan): string | undefined {
  if (!isObject(schema) || !Object.hasOwn(schema, "$id")) return undefined;
  const { $id } = schema as PlanObject;
  return typeof $id === "string" ? $id.replace(/#+$/, "") : undefined;
}

/** A schema with an `$id` changes the base of the references in it. */
export function enter(scope: Scope, schema: Plan): Scope {
  const id = idOf(schema);
  return id === undefined ? scope : { ...scope, base: join(scope.base, id) };
}

function passOn(scope: Scope, base: string): Scope {
  const remembers =
    scope.base !== "" && !scope.previous.includes(scope.base) && (scope.previous.length === 0 || base !== scope.base);
  return { base, previous: remembers ? [scope.base, ...scope.previous] : scope.previous };
}

function split(address: string): [string, string] {
  const hash = address.indexOf("#");
  return hash === -1 ? [address, ""] : [address.slice(0, hash), address.slice(hash + 1)];
}

function join(base: string, reference: string): string {
  if (base === "") return reference;
  if (reference === "") return base;
  if (!URL.canParse(base)) return reference;
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}

/** Follows a JSON pointer. Where Python's library raises, the server answers 500. */
function point(document: Plan, pointer: string, from: Scope, at: Path): Resolved {
  const nowhere = (): Stopped =>
    new Stopped("unresolvable", at, `PointerToNowhere: ${repr(pointer)} does not exist within ${repr(document)}`);
  const crash = (): Stopped => new Stopped("crash", at, "a reference goes through something that has no parts");
  let contents = document;
  let scope = from;
  let steps: string[] = [];
  for (const raw of unquote(pointer.slice(1)).split("/")) {
    if (contents === UNKNOWN) return { contents, scope };
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(contents) || typeof contents === "string") {
      if (!/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(raw)) throw crash();
      const parts = typeof contents === "string" ? [...contents] : contents;
      const part = parts.at(Number(raw.replaceAll("_", "")));
      if (part === undefined) throw nowhere();
      contents = part;
    } else if (isObject(contents)) {
      const object: PlanObject = contents;
      if (!Object.hasOwn(object, step) || object[step] === undefined) throw nowhere();
      contents = object[step];
    } else throw crash();
    steps.push(step);
    if (leadsToSchema(steps)) {
      if (typeof contents !== "boolean" && contents !== UNKNOWN && !isObject(contents)) throw crash();
      const inner = enter(scope, contents);
      if (inner !== scope) steps = [];
      scope = inner;
    }
  }
  return { contents, scope };
}

function leadsToSchema(steps: readonly string[]): boolean {
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] as string;
    if (IN_VALUE.has(step)) continue;
    if (!(IN_ARRAY.has(step) || IN_OBJECT.has(step)) || ++index >= steps.length) return false;
  }
  return true;
}

function unquote(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

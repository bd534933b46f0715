import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { routes } from "../../../server/routes/index.ts";
import operations from "../../fixtures/prefect-openapi/operations.json" with { type: "json" };
import { apiOn } from "../support/api.ts";

interface Operation {
  query: { name: string; required: boolean }[];
  body: { all: string[]; required: string[] } | null;
  answers: Record<string, string[] | null>;
}

const prefect = operations as Record<string, Operation>;

/** Where the document of Prefect's own server says less or other than the server does, and where we differ on purpose. */
const known: Record<string, { part: "answers" | "body" | "query"; why: string }[]> = {
  "POST /artifacts/": [{ part: "answers", why: "the document says 200, the server answers 201" }],
  "POST /templates/validate": [{ part: "answers", why: "the document says 200, the server answers 204" }],
  "POST /automations/templates/validate": [{ part: "answers", why: "as /templates/validate" }],
  "POST /block_schemas/": [{ part: "answers", why: "the document leaves out 200, for a schema that is known" }],
  "GET /admin/settings": [{ part: "answers", why: "Prefect's own settings are not those of this server" }],
  "GET /ready": [{ part: "answers", why: "the document does not say what is answered, nor 503" }],
  "POST /v2/concurrency_limits/increment": [{ part: "body", why: "create_if_missing is deprecated and does nothing" }],
  "POST /v2/concurrency_limits/decrement": [{ part: "body", why: "create_if_missing is deprecated and does nothing" }],
};

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
}

interface Ours {
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

let store: Store;
let document: { paths: Record<string, Record<string, Ours>>; components: { schemas: Record<string, Schema> } };

beforeAll(async () => {
  store = await openStore("memory");
  document = (await apiOn(store).get("/openapi.json")).body;
});

afterAll(() => store.close());

function members(given: Schema | undefined): { all: string[]; required: string[] } | null {
  if (given === undefined) return null;
  if (given.$ref !== undefined) return members(document.components.schemas[given.$ref.split("/").at(-1) ?? ""]);
  if (given.items !== undefined) return members(given.items);
  const object = given.properties === undefined ? given.anyOf?.find((one) => one.properties !== undefined) : given;
  if (object?.properties === undefined) return null;
  return { all: Object.keys(object.properties).sort(), required: [...(object.required ?? [])].sort() };
}

describe("the OpenAPI document", () => {
  it("lists every route", () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual(routes.map((route) => keyOf(route.method, route.path)).sort());
  });

  it("has an operation id of its own for each route", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => (one as unknown as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("leads every reference somewhere", () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.filter((name) => document.components.schemas[name ?? ""] === undefined)).toEqual([]);
    expect(references.length).toBeGreaterThan(0);
  });

  it.each(routes.map((route) => [keyOf(route.method, route.path)]))("says of %s what Prefect's says", (key) => {
    const theirs = prefect[key];
    const [method = "", path = ""] = key.split(" ");
    const ours = document.paths[path]?.[method.toLowerCase()];
    if (theirs === undefined || ours === undefined) throw new Error(`Prefect knows no ${key}`);
    const facts: Operation = {
      query: ours.parameters.filter((one) => one.in === "query").map(({ name, required }) => ({ name, required })),
      body: members(ours.requestBody?.content["application/json"]?.schema),
      answers: onlyDocumented(
        Object.fromEntries(
          Object.entries(ours.responses)
            .filter(([status]) => status !== "422")
            .map(([status, answer]) => [status, members(answer.content?.["application/json"]?.schema)?.all ?? null]),
        ),
      ),
    };
    const apart = (known[key] ?? []).map(({ part }) => part);
    for (const part of ["query", "body", "answers"] as const) {
      const same = expect({ [part]: facts[part] });
      if (apart.includes(part)) same.not.toEqual({ [part]: theirs[part] });
      else same.toEqual({ [part]: theirs[part] });
    }
  });
});

/** Routes that make or find answer 201 or 200 with the same body; Prefect's document only tells of 200. */
function onlyDocumented(answers: Operation["answers"]): Operation["answers"] {
  const { 201: created, ...rest } = answers;
  return JSON.stringify(created) === JSON.stringify(rest[200]) ? rest : answers;
}

function keyOf(method: string, path: string): string {
  return `${method} ${path.replaceAll(":uuid}", "}")}`;
}

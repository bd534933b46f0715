import { describe, expect, it } from "vitest";
import { kinds } from "../../../schema/contracts/kinds.ts";
import { emitReference } from "../../../schema/emit/reference.ts";
import { kebabCase } from "../../../schema/emit/shape.ts";
import { definition } from "./package-definition.ts";

const example = { typescript: "const one = 1;\n", yaml: "one: 1\n" };
const names = [
  ...definition.contracts.map(({ kind }) => kind),
  ...definition.functions.map(({ name }) => name),
  "Provider",
];
const examples = Object.fromEntries(names.map((name) => [name, example]));
const pages = emitReference(definition, examples);
const page = (name: string) => pages.get(name) ?? "";

describe("the reference", () => {
  it("has a page a resource, and one each for functions, configuration, template rules and the list of all", () => {
    expect([...pages.keys()]).toEqual([
      ...kinds.map((kind) => `${kebabCase(kind)}.md`),
      "functions.md",
      "provider.md",
      "template-rules.md",
      "README.md",
    ]);
  });

  it("lists the rules for templates with their severity", () => {
    expect(page("template-rules.md")).toMatch(/^\| `template\/unused-variable` \| warning \| A variable is declared/m);
    expect(page("template-rules.md")).toMatch(/^\| `template\/invalid-schema` \| error in a create, warning in an/m);
  });

  it("says of a field its type, its name in the API, its default, and what a change and a deleted line do", () => {
    const row = (name: string, kind: string) =>
      page(kind)
        .split("\n")
        .find((line) => line.startsWith(`| \`${name}\``));
    expect(row("concurrencyLimit", "work-pool.md")).toBe(
      "| `concurrencyLimit` | integer, 0 to 2147483647 | `concurrency_limit` | none | updates it in place | clears it on the server |",
    );
    expect(row("type", "work-pool.md")).toBe(
      "| `type` | string | `type` | **required** | replaces the object | is refused |",
    );
    expect(row("name", "work-queue.md")).toBe(
      "| `name` | string | `name` | the resource's name in the program | updates it in place | means the default again |",
    );
    expect(row("priority", "work-queue.md")).toBe(
      "| `priority` | integer, 1 to 2147483647 | `priority` | the server's choice | updates it in place | leaves it as it is on the server |",
    );
  });

  it("shows each resource in TypeScript and YAML", () => {
    expect(page("tag-concurrency-limit.md")).toContain(
      "## Example\n\n```typescript\nconst one = 1;\n```\n\n```yaml\none: 1\n```\n",
    );
  });

  it("marks outputs that are secret or may be absent", () => {
    expect(page("base-job-template.md")).toContain("| `previousTemplate` | JSON object | may be absent, secret |");
  });

  it("lists the keys of objects with fixed keys", () => {
    expect(page("functions.md")).toContain("### WorkQueueInfo");
    expect(page("functions.md")).toContain("| `lastPolled` | string (RFC 3339 time) | may be absent |");
  });

  it("names Prefect's own environment variables beside the settings", () => {
    expect(page("provider.md")).toContain("| `apiKey` | string | `PREFECT_API_KEY` | yes |");
    expect(page("provider.md")).toContain('| `adopt` | `"refuse"`, `"ifEqual"`, `"always"` | – | – |');
  });

  it("is refused for a resource without an example", () => {
    const { WorkQueue: _missing, ...others } = examples;
    expect(() => emitReference(definition, others)).toThrow("WorkQueue has no example");
  });
});

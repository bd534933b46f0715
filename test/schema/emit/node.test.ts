import { describe, expect, it } from "vitest";
import { emitNodeClasses, emitNodeDescriptions } from "../../../schema/emit/node.ts";
import { docblock, emitNodeTypes } from "../../../schema/emit/node-types.ts";
import { definition } from "./package-definition.ts";

const dynamic = emitNodeClasses(definition, "dynamic", {});
const native = emitNodeClasses(definition, "native", {});

describe("the classes for the dynamic provider and for the plugin", () => {
  it("differ only in what they extend, and in the provider", () => {
    const asDynamic = native
      .replace(/\/\*\*[^/]*\*\/\nexport class Provider [\s\S]*?\n}\n\n/, "")
      .replace("NativeProvider, ", "")
      .replaceAll("NativeResource", "DynamicResource")
      .replaceAll("native-resource", "dynamic-resource")
      .replaceAll("native-invoke", "dynamic-invoke");
    expect(asDynamic).toBe(dynamic);
  });

  it("show the example with their own import", () => {
    const program = 'import * as prefect from "prefect-iac";\n';
    const examples = { WorkPool: { typescript: program, yaml: "" } };
    expect(emitNodeClasses(definition, "dynamic", examples)).toContain('* import * as prefect from "prefect-iac";');
    expect(emitNodeClasses(definition, "native", examples)).toContain(
      '* import * as prefect from "prefect-iac/native";',
    );
  });

  it("know which field takes the resource's name, and which outputs are secret", () => {
    const descriptions = emitNodeDescriptions(definition, "1.2.3");
    expect(descriptions).toContain('export const pluginVersion = "1.2.3";');
    expect(descriptions).toMatch(/TagConcurrencyLimit: .*"nameField":"tag"/);
    expect(descriptions).toMatch(/BaseJobTemplate: .*"secretOutputs":\["previousTemplate"\]/);
  });
});

describe("the classes' types", () => {
  const types = emitNodeTypes(definition);

  it("tell every field with its text, and leave out what has a default", () => {
    expect(types).toContain("  name?: pulumi.Input<string | undefined>;\n");
    expect(types).toContain("  /** Number of slots, 0 or more. */\n  limit: pulumi.Input<number>;\n");
    expect(types).toContain("  queues: pulumi.Input<pulumi.Input<string>[]>;\n");
    expect(types).toContain("  baseJobTemplate?: pulumi.Input<JsonDocument | string | undefined>;\n");
  });

  it("use no syntax younger than the TypeScript that Pulumi brings along", () => {
    expect(types).not.toMatch(/import \{ type |export type \*|export \* as/);
  });
});

describe("a block of JSDoc", () => {
  it("is one line for one short text", () => {
    expect(docblock(["Short."], "  ")).toBe("  /** Short. */\n");
  });

  it("wraps paragraphs, keeps code line by line, and cannot be ended from inside", () => {
    const text = docblock([`${"word ".repeat(30).trim()}`, "", "@example\n```ts\nf(1); /* x */\n```"]);
    expect(text.split("\n")).toEqual([
      "/**",
      ` * ${"word ".repeat(23).trim()}`,
      ` * ${"word ".repeat(7).trim()}`,
      " *",
      " * @example",
      " * ```ts",
      " * f(1); /* x *\\/",
      " * ```",
      " */",
      "",
    ]);
  });

  it("is nothing for no text", () => {
    expect(docblock(["", ""])).toBe("");
  });
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const sdk = join(import.meta.dirname, "..", "..", "sdk");

/** Prints what the classes load: packages by name, source files by path. */
const program = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const path = /\\/node_modules\\/(.*)$/.exec(found.url)?.[1];
      if (path === undefined && found.url.startsWith("file:")) loaded.add(found.url.replace(/^.*\\/(?=(sdk|provider|schema)\\/)/, ""));
      else if (path !== undefined) loaded.add(path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/"));
      return found;
    },
  });
  await import(${JSON.stringify(join(sdk, "index.ts"))});
  await import(${JSON.stringify(join(sdk, "native.ts"))});
  console.log(JSON.stringify([...loaded]));
`;

it("importing the classes loads Pulumi's own package and no other large package", () => {
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const loaded = JSON.parse(printed) as string[];
  expect(loaded.filter((name) => /^(sdk|provider|schema)\//.test(name)).sort()).toEqual([
    "provider/pulumi/dynamic/provider-code.ts",
    "schema/token.ts",
    "sdk/generated/dynamic.ts",
    "sdk/generated/native.ts",
    "sdk/generated/types.ts",
    "sdk/index.ts",
    "sdk/native.ts",
    "sdk/runtime/descriptions.generated.ts",
    "sdk/runtime/dynamic-invoke.ts",
    "sdk/runtime/dynamic-resource.ts",
    "sdk/runtime/native-invoke.ts",
    "sdk/runtime/native-resource.ts",
    "sdk/runtime/resource-inputs.ts",
  ]);
  expect(loaded).toContain("@pulumi/pulumi");
  expect(loaded.filter((name) => /^(zod|ajv|ajv-formats|undici|fastify|kysely|pino|pg|ws)$/.test(name))).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { againstArrows, againstFaces, againstLayers, folderCircles } from "./import-rules.ts";

/** Each rule of the house test finds a planted fault, and only that. */

const good: [string, string[]][] = [
  ["schema/define.ts", ["schema/json.ts"]],
  ["schema/template/lint/lint-variables.ts", ["schema/template/json-schema/index.ts"]],
  ["schema/template/json-schema/index.ts", ["schema/template/json-schema/evaluate.ts"]],
  ["test/schema/template/json-schema.test.ts", ["schema/template/json-schema/evaluate.ts"]],
  ["provider/engine/decide.ts", ["schema/define.ts", "provider/client/api.ts"]],
  ["provider/resources/work-pool.ts", ["provider/engine/lifecycle.ts", "schema/contracts/work-pool.ts"]],
  ["provider/pulumi/native/serve.ts", ["provider/resources/index.ts", "provider/pulumi/codec.ts"]],
  ["sdk/index.ts", ["provider/engine/types.ts"]],
  ["server/domain/deployments/create.ts", ["server/store/deployments.ts", "server/domain/flow-runs/create.ts"]],
  ["server/routes/flows/routes.ts", ["server/domain/flows.ts", "server/store/flows.ts"]],
];

/** The good imports and one more. */
function withPlanted(file: string, target: string): Map<string, string[]> {
  const imports = new Map(good);
  return imports.set(file, [...(imports.get(file) ?? []), target]);
}

it("nothing is found where nothing is wrong", () => {
  const imports = new Map(good);
  expect([...againstArrows(imports), ...againstLayers(imports), ...againstFaces(imports)]).toEqual([]);
  expect(folderCircles(imports)).toEqual([]);
});

describe("arrows between the top folders", () => {
  it.each([
    ["schema/check.ts", "provider/engine/state.ts"],
    ["provider/engine/decide.ts", "sdk/index.ts"],
    ["provider/engine/decide.ts", "server/json.ts"],
    ["server/main.ts", "provider/client/index.ts"],
    ["sdk/index.ts", "cli/main.ts"],
  ])("%s must not import %s", (file, target) => {
    expect(againstArrows(withPlanted(file, target))).toEqual([`${file} imports ${target}`]);
  });
});

describe("layers", () => {
  it.each([
    ["provider/engine/decide.ts", "provider/resources/work-pool.ts"],
    ["provider/client/index.ts", "provider/engine/types.ts"],
    ["provider/client/index.ts", "provider/pulumi/codec.ts"],
    ["provider/resources/work-pool.ts", "provider/pulumi/resource-adapter.ts"],
    ["provider/engine/create.ts", "provider/terraform/serve.ts"],
    ["server/store/flows.ts", "server/domain/flows.ts"],
    ["server/domain/flows.ts", "server/routes/flows/view.ts"],
  ])("%s must not import %s", (file, target) => {
    expect(againstLayers(withPlanted(file, target))).toEqual([`${file} imports ${target}`]);
  });
});

it("nothing outside of a folder with a face imports its other files", () => {
  const [file, target] = ["schema/template/lint/lint-variables.ts", "schema/template/json-schema/evaluate.ts"];
  expect(againstFaces(withPlanted(file, target))).toEqual([`${file} imports ${target}`]);
});

describe("circles between folders", () => {
  it("are found between sub-folders, over any number of steps", () => {
    const imports = withPlanted("server/domain/flow-runs/create.ts", "server/domain/deployments/create.ts");
    expect(folderCircles(imports)).toEqual([["server/domain/deployments", "server/domain/flow-runs"]]);
    const far = new Map([
      ["a/x/1.ts", ["a/y/1.ts"]],
      ["a/y/2.ts", ["a/z/1.ts"]],
      ["a/z/2.ts", ["a/x/2.ts"]],
    ]);
    expect(folderCircles(far)).toEqual([["a/x", "a/y", "a/z"]]);
  });

  it("are found between a folder and a file beside it", () => {
    const imports = new Map([
      ["a/tables.ts", ["a/tables/one.ts"]],
      ["a/tables/one.ts", ["a/tables.ts"]],
    ]);
    expect(folderCircles(imports)).toEqual([["a/tables", "a/tables.ts"]]);
  });

  it("are no matter between the files of one folder", () => {
    const imports = new Map([
      ["a/one.ts", ["a/two.ts"]],
      ["a/two.ts", ["a/one.ts"]],
    ]);
    expect(folderCircles(imports)).toEqual([]);
  });
});

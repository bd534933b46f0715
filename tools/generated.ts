import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "../schema/emit/fingerprint.ts";
import { emitNodeClasses, emitNodeDescriptions } from "../schema/emit/node.ts";
import { emitNodeTypes } from "../schema/emit/node-types.ts";
import { emitPulumiSchema, type PackageDefinition, type PackageMetadata } from "../schema/emit/pulumi.ts";
import { type Example, emitReference } from "../schema/emit/reference.ts";
import { kebabCase } from "../schema/emit/shape.ts";
import { contracts, functions, providerConfig, TEMPLATE_RULES } from "../schema/index.ts";
import { fingerprintsFile, readFingerprints, recorded } from "./fingerprints.ts";

/** Folders that hold nothing but generated files. */
export const generatedFolders: readonly string[] = ["sdk/generated", "docs/reference"];

/** Every generated file, by its path from the root of the repository. */
export function generated(root: string): Map<string, string> {
  const world: PackageDefinition = { contracts, functions, settings: providerConfig, rules: TEMPLATE_RULES };
  const facts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageMetadata;
  const history = recorded(readFingerprints(root), facts.version, fingerprint(world));
  const examples = readExamples(world, join(root, "schema", "emit", "examples"));
  return new Map([
    ["schema/pulumi.json", `${JSON.stringify(emitPulumiSchema(world, facts), null, 2)}\n`],
    [fingerprintsFile, `${JSON.stringify(history, null, 2)}\n`],
    ["sdk/generated/types.ts", emitNodeTypes(world)],
    ["sdk/runtime/descriptions.generated.ts", emitNodeDescriptions(world, facts.version)],
    ["sdk/generated/dynamic.ts", emitNodeClasses(world, "dynamic", examples)],
    ["sdk/generated/native.ts", emitNodeClasses(world, "native", examples)],
    ...[...emitReference(world, examples)].map(([name, text]): [string, string] => [`docs/reference/${name}`, text]),
  ]);
}

/** One TypeScript and one YAML program for each resource and function, and for the provider. */
function readExamples(world: PackageDefinition, folder: string): Record<string, Example> {
  const names = [
    ...world.contracts.map((contract) => contract.kind),
    ...world.functions.map(({ name }) => name),
    "Provider",
  ];
  const read = (name: string, ending: string) => readFileSync(join(folder, `${kebabCase(name)}.${ending}`), "utf8");
  return Object.fromEntries(names.map((name) => [name, { typescript: read(name, "ts"), yaml: read(name, "yaml") }]));
}

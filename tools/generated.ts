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
  const definition: PackageDefinition = { contracts, functions, settings: providerConfig, rules: TEMPLATE_RULES };
  const metadata = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageMetadata;
  const history = recorded(readFingerprints(root), metadata.version, fingerprint(definition));
  const examples = readExamples(definition, join(root, "examples", "reference"));
  return new Map([
    ["schema/pulumi.json", `${JSON.stringify(emitPulumiSchema(definition, metadata), null, 2)}\n`],
    [fingerprintsFile, `${JSON.stringify(history, null, 2)}\n`],
    ["sdk/generated/types.ts", emitNodeTypes(definition)],
    ["sdk/runtime/descriptions.generated.ts", emitNodeDescriptions(definition, metadata.version)],
    ["sdk/generated/dynamic.ts", emitNodeClasses(definition, "dynamic", examples)],
    ["sdk/generated/native.ts", emitNodeClasses(definition, "native", examples)],
    ...[...emitReference(definition, examples)].map(([name, text]): [string, string] => [
      `docs/reference/${name}`,
      text,
    ]),
  ]);
}

/** One TypeScript and one YAML program for each resource and function, and for the provider. */
function readExamples(definition: PackageDefinition, folder: string): Record<string, Example> {
  const names = [
    ...definition.contracts.map((contract) => contract.kind),
    ...definition.functions.map(({ name }) => name),
    "Provider",
  ];
  const read = (name: string, ending: string) => readFileSync(join(folder, `${kebabCase(name)}.${ending}`), "utf8");
  return Object.fromEntries(names.map((name) => [name, { typescript: read(name, "ts"), yaml: read(name, "yaml") }]));
}

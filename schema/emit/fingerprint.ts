import { apiNameOf, COMPUTED, type Field, type ResourceContract } from "../define.ts";
import type { Json } from "../json.ts";
import { type Line, outlineOf, outlineOfFunction, outlineOfSettings } from "./outline.ts";
import type { PackageDefinition } from "./pulumi.ts";
import type { Shape } from "./shape.ts";

/** What programs and states rely on, one short text for each name: everything a contract says but its prose. */
export type Fingerprint = { [owner: string]: { [name: string]: string } };

export function fingerprint(definition: PackageDefinition): Fingerprint {
  const owners: Fingerprint = {};
  for (const contract of definition.contracts) owners[contract.kind] = ofResource(contract);
  for (const contract of definition.functions) {
    const { args, results } = outlineOfFunction(contract);
    owners[contract.name] = texts([...args, ...results], (line) => `${line.role}:${line.name}`);
  }
  owners.provider = texts(outlineOfSettings(definition.settings));
  return owners;
}

function ofResource(contract: ResourceContract): { [name: string]: string } {
  const { inputs, outputs } = outlineOf(contract);
  const lines = texts([...inputs, ...outputs]);
  for (const [name, field] of Object.entries(contract.fields)) lines[name] += `; ${fieldRules(name, field)}`;
  return { "(key)": contract.naturalKey.join(", "), "(identity)": contract.identity ?? "none", ...lines };
}

function fieldRules(name: string, field: Field): string {
  return [
    field.onChange,
    `wire ${apiNameOf(name, field)}`,
    field.acceptsJsonText && "verbatim",
    field.defaultsToResourceName && "named after the resource",
    field.objectKeys && `keys ${Object.entries(field.objectKeys).flat().join(" ")}`,
    field.removed && `removed ${field.removed === "keep" ? "keep" : `set ${plain(field.removed.set)}`}`,
    field.serverDefault && `born ${field.serverDefault === COMPUTED ? "any" : plain(field.serverDefault.value)}`,
  ]
    .filter((rule) => typeof rule === "string")
    .join("; ");
}

/** JSON in which quotes would be escaped once more by the file it goes to. */
function plain(value: Json): string {
  return JSON.stringify(value).replaceAll('"', "'");
}

function texts(lines: readonly Line[], key: (line: Line) => string = ({ name }) => name): { [name: string]: string } {
  return Object.fromEntries(
    lines.map((line) => {
      const flags = [line.required && "required", line.secret && "secret"].filter((flag) => flag !== false);
      return [key(line), [`${line.role} ${shapeText(line.shape)}`, ...flags].join("; ")];
    }),
  );
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "string":
      return shape.format ?? "string";
    case "integer":
    case "number": {
      const bounds: [string, number | undefined][] = [
        [">", shape.exclusiveMinimum],
        [">=", shape.minimum],
        ["<=", shape.maximum],
      ];
      return shape.kind + bounds.map(([sign, bound]) => (bound === undefined ? "" : ` ${sign} ${bound}`)).join("");
    }
    case "array":
      return `[${shapeText(shape.items)}]`;
    case "map":
      return `map of ${shapeText(shape.values)}`;
    case "enum":
      return `${shape.name}(${shape.values.join(" | ")})`;
    case "object": {
      const keys = shape.properties.map(
        ({ name, required, shape }) => `${name}${required ? "" : "?"}: ${shapeText(shape)}`,
      );
      return `${shape.name} { ${keys.join(", ")} }`;
    }
    default:
      return shape.kind;
  }
}

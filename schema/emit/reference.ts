import { apiNameOf, type FunctionContract, type ResourceContract } from "../define.ts";
import { dynamicToken, token } from "../token.ts";
import { birthOf, type Line, outlineOf, outlineOfFunction, outlineOfSettings, removalOf } from "./outline.ts";
import type { PackageDefinition } from "./pulumi.ts";
import { type Bounds, kebabCase, type Property, type Shape } from "./shape.ts";

/** One program in the languages that the documentation shows. */
export interface Example {
  readonly typescript: string;
  readonly yaml: string;
}

/** Examples by the name of the resource or function; `Provider` is the configuration. */
export type Examples = Readonly<Record<string, Example>>;

const MARK = "<!-- Generated from the contracts by `npm run gen`. Do not edit. -->\n";

/** The reference: Markdown pages by file name. */
export function emitReference(definition: PackageDefinition, examples: Examples): Map<string, string> {
  const pages = new Map<string, string>();
  for (const contract of definition.contracts) pages.set(pageOf(contract.kind), resourcePage(contract, examples));
  pages.set("functions.md", functionsPage(definition.functions, examples));
  pages.set("provider.md", providerPage(definition, examples));
  pages.set("template-rules.md", rulesPage(definition.rules));
  pages.set("README.md", indexPage(definition));
  return pages;
}

function pageOf(kind: string): string {
  return `${kebabCase(kind)}.md`;
}

function indexPage(definition: PackageDefinition): string {
  return page([
    "# Reference",
    definition.contracts
      .map((contract) => `- [${contract.kind}](${pageOf(contract.kind)}): ${firstSentence(contract.doc)}`)
      .join("\n"),
    `- [Functions](functions.md): ${definition.functions.map((contract) => code(contract.name)).join(", ")}.\n- [Provider](provider.md): the configuration.\n- [Template rules](template-rules.md): what is checked in base job templates.`,
  ]);
}

function resourcePage(contract: ResourceContract, examples: Examples): string {
  const { inputs, outputs } = outlineOf(contract);
  const fields = inputs.filter((line) => line.role === "field");
  const directives = inputs.filter((line) => line.role === "directive");
  return page([
    `# ${contract.kind}`,
    contract.doc,
    table(
      ["", ""],
      [
        ["Type", code(token(contract.kind))],
        ["Type without a plugin", code(dynamicToken(contract.kind))],
        ["Import takes", contract.importId],
      ],
    ),
    ...example(examples[contract.kind], contract.kind),
    "## Fields",
    "What a program does not declare is not managed: it is neither compared nor changed.",
    table(
      ["Field", "Type", "In the API", "Default", "A change", "Deleting the line"],
      fields.map((line) => fieldRow(contract, line)),
    ),
    meanings(fields),
    ...nested(fields),
    ...section("## Directives", "They steer the provider and are never sent to the server.", directives),
    ...section(
      "## Outputs",
      "What only the server knows. These do not change while the object exists; the fields are outputs, too.",
      outputs,
    ),
  ]);
}

function fieldRow(contract: ResourceContract, line: Line): string[] {
  const field = contract.fields[line.name];
  if (field === undefined) throw new Error(`${contract.kind}.${line.name} is not a field`);
  return [
    code(line.name),
    typeOf(line),
    code(apiNameOf(line.name, field)),
    defaultOf(field.defaultsToResourceName, line.required, birthOf(field)),
    field.onChange === "replace" ? "replaces the object" : "updates it in place",
    field.removed === undefined ? (line.required ? "is refused" : "means the default again") : removalOf(field.removed),
  ];
}

function defaultOf(named: boolean, required: boolean, birth: string | undefined): string {
  if (required) return "**required**";
  if (named) return "the resource's name in the program";
  return birth ?? "see below";
}

function functionsPage(functions: readonly FunctionContract[], examples: Examples): string {
  return page([
    "# Functions",
    "Questions that a program may ask while it runs. Nothing of the answer is kept in the state but what the program does with it. Each has a second form for arguments that are outputs, `getWorkPoolOutput` and so on.",
    ...functions.flatMap((contract) => {
      const { args, results } = outlineOfFunction(contract);
      return [
        `## ${contract.name}`,
        contract.doc,
        ...example(examples[contract.name], contract.name, "###"),
        ...section("### Arguments", "", args),
        ...section("### Result", "", results),
      ];
    }),
  ]);
}

function providerPage(definition: PackageDefinition, examples: Examples): string {
  const settings = outlineOfSettings(definition.settings);
  return page([
    "# Provider",
    "Where the Prefect API is, and how to talk to it. A setting is taken from the stack's configuration (`pulumi config set prefect:apiUrl …`) or from an explicit `Provider`, then from the environment, then from Prefect's active profile in `profiles.toml`. What comes from the environment or a profile is never stored in a state.",
    "A setting can be given as text: a boolean as `true`, `yes`, `on` or `1`, or as `false`, `no`, `off` or `0`, in any case, as Prefect itself reads them; a number or an object as JSON.",
    "Resources that run without a plugin (`prefect-iac`) have one API for the stack. An explicit `Provider` exists with the plugin (`prefect-iac/native`, YAML).",
    ...example(examples.Provider, "Provider"),
    "## Settings",
    table(
      ["Setting", "Type", "Environment", "Secret"],
      settings.map((line) => [
        code(line.name),
        typeOf(line),
        (definition.settings[line.name]?.environment ?? []).map(code).join(", ") || "–",
        line.secret ? "yes" : "–",
      ]),
    ),
    meanings(settings),
  ]);
}

function rulesPage(rules: PackageDefinition["rules"]): string {
  const severities = {
    error: "error",
    warning: "warning",
    "error-on-create": "error in a create, warning in an update",
  };
  return page([
    "# Template rules",
    "What is checked in base job templates, in the preview, before anything is sent. An error stands for what the server would refuse, and cannot be switched off. A warning is about what the server takes, and workers then ignore or runs fail on; `lintRules` of the [configuration](provider.md) makes an error of it, or nothing.",
    table(
      ["Rule", "Severity", "What it finds"],
      Object.entries(rules).map(([id, { severity, doc }]) => [code(id), severities[severity], doc]),
    ),
  ]);
}

function section(title: string, text: string, lines: readonly Line[]): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map((line) => [code(line.name), typeOf(line), needOf(line)]);
  return [title, text, table(["Name", "Type", "Remarks"], rows), meanings(lines), ...nested(lines)];
}

function needOf(line: Line): string {
  const need =
    line.role === "output" || line.role === "result"
      ? !line.required && "may be absent"
      : line.required && "**required**";
  return [need || "", line.secret ? "secret" : ""].filter((word) => word !== "").join(", ");
}

function meanings(lines: readonly (Line | Property)[]): string {
  return lines.map((line) => `- ${code(line.name)}: ${line.doc}`).join("\n");
}

/** Objects with fixed keys get a section of their own, under the name they have in the schema. */
function nested(lines: readonly Line[]): string[] {
  return lines.flatMap(({ shape }) => {
    const inner = shape.kind === "array" ? shape.items : shape;
    if (inner.kind !== "object") return [];
    const rows = inner.properties.map((property) => [
      code(property.name),
      shapeText(property.shape),
      property.required ? "always there" : "may be absent",
    ]);
    return [`### ${inner.name}`, table(["Name", "Type", "Remarks"], rows), meanings(inner.properties)];
  });
}

function typeOf(line: Line): string {
  return line.jsonText ? `${shapeText(line.shape)}, or a string that holds one` : shapeText(line.shape);
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "string":
      return shape.format === undefined ? "string" : `string (${shape.format === "uuid" ? "UUID" : "RFC 3339 time"})`;
    case "integer":
    case "number":
      return shape.kind + boundsText(shape);
    case "boolean":
      return "boolean";
    case "enum":
      return shape.values.map((value) => code(JSON.stringify(value))).join(", ");
    case "array":
      return `list of ${shapeText(shape.items)}`;
    case "map":
      return `map of ${shapeText(shape.values)}`;
    case "document":
      return "JSON object";
    case "any":
      return "any JSON value";
    case "object":
      return shape.name;
  }
}

function boundsText({ minimum, exclusiveMinimum, maximum }: Bounds): string {
  if (minimum !== undefined) return maximum === undefined ? `, ${minimum} or more` : `, ${minimum} to ${maximum}`;
  const least = exclusiveMinimum === undefined ? "" : `, more than ${exclusiveMinimum}`;
  return least + (maximum === undefined ? "" : `, at most ${maximum}`);
}

function example(programs: Example | undefined, name: string, level = "##"): string[] {
  if (programs === undefined) throw new Error(`${name} has no example`);
  return [`${level} Example`, fenced("typescript", programs.typescript), fenced("yaml", programs.yaml)];
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function firstSentence(text: string): string {
  return (
    /^.*?[.:](?= |$)/.exec(text.replace(/^An? [^:]+: (\w)/, (_, letter: string) => letter.toUpperCase()))?.[0] ?? text
  );
}

function page(parts: readonly string[]): string {
  return `${[MARK.trimEnd(), ...parts].filter((part) => part !== "").join("\n\n")}\n`;
}

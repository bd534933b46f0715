import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import { nearestName } from "../../nearest-name.ts";
import type { Path } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { type Placeholder, placeholderSteps, placeholdersIn } from "../placeholders.ts";
import { defaultTemplate } from "../workers/worker-metadata.ts";
import { type LintOptions, MAX_PER_RULE } from "./lint-options.ts";

/** Rules about the job configuration and its placeholders. */
export function lintConfiguration(
  configuration: PlanObject,
  variables: PlanObject | undefined,
  options: LintOptions,
): Problem[] {
  const problems = [...lintReferences(configuration, ["job_configuration"]), ...lintKeys(configuration, options)];
  const properties =
    variables === undefined || !Object.hasOwn(variables, "properties") ? undefined : variables.properties;
  const placeholders = definedKeys(configuration).flatMap((key) => [
    // The server does not look into the keys at the top.
    ...placeholdersIn({ [key]: null }, ["job_configuration"]).map((each) => ({ ...each, foundByServer: false })),
    ...placeholdersIn(configuration[key] as Plan, ["job_configuration", key]),
  ]);
  for (const placeholder of placeholders) {
    if (placeholder.inKey) problems.push(placeholderInKey(placeholder));
    else if (hasNumericStep(placeholder.name)) problems.push(numericPlaceholder(placeholder));
  }
  if (variables === undefined || properties === UNKNOWN) return problems;
  const declared = new Set(isObject(properties) ? definedKeys(properties) : []);
  const missing = placeholders.filter(({ name }) => !declared.has(name));
  const refused = missing.filter(({ foundByServer }) => foundByServer).slice(0, MAX_PER_RULE);
  return [
    ...problems,
    ...refused.map((placeholder) => undeclaredPlaceholder(placeholder, declared)),
    ...missing.filter(({ foundByServer, inKey }) => !foundByServer && !inKey).map(uncheckedPlaceholder),
  ];
}

function undeclaredPlaceholder({ name, path }: Placeholder, declared: Set<string>): Problem {
  const short = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return {
    rule: "template/undeclared-placeholder",
    severity: "error",
    path,
    message: `uses \`{{ ${short} }}\`, which \`variables.properties\` does not declare. ${advice(name, declared)}`,
  };
}

function advice(name: string, declared: Set<string>): string {
  const near = nearestName(name, declared);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (name.startsWith("prefect.") || name.startsWith("ctx.")) {
    return "The server looks for a variable of exactly that name: declare a variable whose default is this text, and use that variable here";
  }
  if (name.startsWith("$"))
    return "Environment variables cannot be used in a pool's template: declare a variable instead";
  const [head] = placeholderSteps(name);
  if (head !== undefined && head !== name && declared.has(head)) {
    return "The server looks for a variable of exactly that name: parts of a variable cannot be used. Declare the part as a variable of its own";
  }
  return "Declare it, or remove the placeholder";
}

function uncheckedPlaceholder({ name, path }: Placeholder): Problem {
  const why = /^[\w.\-[\]$]+$/.test(name) ? "the whitespace in the braces" : "letters outside of ASCII";
  const message = `uses a placeholder that is not declared. The server does not notice it because of ${why}; workers will replace it by nothing`;
  return { rule: "template/unchecked-placeholder", severity: "warning", path, message };
}

function placeholderInKey({ path }: Placeholder): Problem {
  const message =
    "has a placeholder in its key: workers replace placeholders in values only, so it stays as it is written";
  return { rule: "template/placeholder-in-key", severity: "warning", path, message };
}

/** A part of digits only, which is read as an index of a list, and so never finds the key of an object. */
function hasNumericStep(name: string): boolean {
  return name.split(".").some((step) => /^-?\d+(?:_\d+)*$/.test(step));
}

function numericPlaceholder({ path }: Placeholder): Problem {
  const message =
    "has a placeholder with a part that consists of digits: workers read that as an index of a list, so no variable of that name is ever found";
  return { rule: "template/numeric-placeholder", severity: "warning", path, message };
}

/** `$ref` in the resolved configuration means a block; workers raise when its value is not an object. */
function lintReferences(value: Plan, path: Path): Problem[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => lintReferences(each, [...path, index]));
  if (!isObject(value)) return [];
  const object: PlanObject = value;
  const inside = definedKeys(object).flatMap((key) => lintReferences(object[key] as Plan, [...path, key]));
  const reference = Object.hasOwn(object, "$ref") ? object.$ref : undefined;
  if (reference === undefined || reference === UNKNOWN || isObject(reference)) return inside;
  if (typeof reference === "string" && placeholdersIn(reference).some(({ whole }) => whole)) return inside;
  const message =
    'workers read `$ref` as a reference to a block, `{ "$ref": { "block_document_id": "<uuid>" } }`; with anything but an object they fail, and so does every run';
  return [
    ...inside,
    { rule: "template/reference-in-configuration", severity: "warning", path: [...path, "$ref"], message },
  ];
}

/** A key that is one or two letters away from one that the worker type knows. Other keys may belong to newer or custom workers. */
function lintKeys(configuration: PlanObject, { poolType }: LintOptions): Problem[] {
  const defaults = poolType === undefined ? undefined : defaultTemplate(poolType)?.job_configuration;
  if (!isObject(defaults)) return [];
  const knownKeys = definedKeys(defaults);
  return definedKeys(configuration).flatMap((key): Problem[] => {
    if (knownKeys.includes(key)) return [];
    const near = nearestName(key, knownKeys);
    if (near === undefined || Object.hasOwn(configuration, near)) return [];
    const message = `is not a setting of ${poolType} workers, which will ignore it. Did you mean "${near}"?`;
    return [{ rule: "template/configuration-key", severity: "warning", path: ["job_configuration", key], message }];
  });
}

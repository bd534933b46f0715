import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Place, Run } from "./evaluate.ts";
import type { Keyword } from "./keywords.ts";
import { Stopped, UNSURE, type Validity } from "./outcome.ts";
import { compareText } from "./python-text.ts";
import { extras, list, object, violation } from "./violation.ts";

/** After jsonschema/_utils.py, find_evaluated_*, 4.26. */

/** Whether a part has been evaluated depends on something that cannot be judged. */
class Unjudged extends Error {}

export const unevaluatedItems: Keyword = function* (run, _value, instance, schema, at) {
  if (!Array.isArray(instance)) return;
  const evaluated = evaluatedOrUnsure(() => evaluatedItems(run, instance, schema, at));
  if (evaluated === undefined) return yield UNSURE;
  const rest = instance.filter((_, index) => !evaluated.has(index));
  if (rest.length === 0) return;
  yield violation(
    "unevaluatedItems",
    instance,
    schema,
    at,
    () => `Unevaluated items are not allowed (${extras(rest)} unexpected)`,
  );
};

export const unevaluatedProperties: Keyword = function* (run, value, instance, schema, at) {
  if (!isObject(instance)) return;
  const object: PlanObject = instance;
  const evaluated = evaluatedOrUnsure(() => evaluatedNames(run, object, schema, at));
  if (evaluated === undefined) return yield UNSURE;
  const rest: string[] = [];
  for (const name of definedKeys(object)) {
    if (evaluated.has(name)) continue;
    const validity = run.validity(object[name] as Plan, value, { ...at, path: [...at.path, name] });
    if (validity === "unsure") yield UNSURE;
    else if (!validity) rest.push(name);
  }
  if (rest.length === 0) return;
  yield violation("unevaluatedProperties", instance, schema, at, () =>
    value === false
      ? `Unevaluated properties are not allowed (${extras(rest.sort(compareText))} unexpected)`
      : `Unevaluated properties are not valid under the given schema (${extras(rest)} unevaluated and invalid)`,
  );
};

function evaluatedOrUnsure<T>(find: () => Set<T>): Set<T> | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unjudged) return undefined;
    throw error;
  }
}

function isValid(validity: Validity): boolean {
  if (validity === "unsure") throw new Unjudged();
  return validity;
}

function evaluatedItems(run: Run, instance: readonly Plan[], schema: Plan, at: Place): Set<number> {
  const evaluated = new Set<number>();
  const add = (inner: Plan, place = at): void => {
    for (const index of evaluatedItems(run, instance, inner, place)) evaluated.add(index);
  };
  const rules = judged(run, schema, at);
  if (rules === undefined) return evaluated;
  if (rules.items !== undefined) return new Set(instance.keys());
  followed(run, rules, at, add);
  if (rules.prefixItems !== undefined) for (const index of list(rules.prefixItems, at).keys()) evaluated.add(index);
  conditional(run, [...instance], rules, at, add);
  for (const keyword of ["contains", "unevaluatedItems"]) {
    const inner = rules[keyword];
    if (inner === undefined) continue;
    for (const [index, each] of instance.entries()) if (isValid(run.validity(each, inner, at))) evaluated.add(index);
  }
  combined(run, [...instance], rules, at, add);
  return evaluated;
}

function evaluatedNames(run: Run, instance: PlanObject, schema: Plan, at: Place): Set<string> {
  const evaluated = new Set<string>();
  const add = (inner: Plan, place = at): void => {
    for (const name of evaluatedNames(run, instance, inner, place)) evaluated.add(name);
  };
  const rules = judged(run, schema, at);
  if (rules === undefined) return evaluated;
  const names = definedKeys(instance);
  followed(run, rules, at, add);
  if (isObject(rules.properties)) {
    for (const name of definedKeys(rules.properties)) if (names.includes(name)) evaluated.add(name);
  }
  for (const keyword of ["additionalProperties", "unevaluatedProperties"]) {
    const inner = rules[keyword];
    if (inner === undefined) continue;
    for (const name of names) if (isValid(run.validity(instance[name] as Plan, inner, at))) evaluated.add(name);
  }
  if (rules.patternProperties !== undefined) {
    for (const pattern of definedKeys(object(rules.patternProperties, at))) {
      for (const name of names) if (isValid(run.matches(pattern, name, at))) evaluated.add(name);
    }
  }
  if (rules.dependentSchemas !== undefined) {
    const dependencies = object(rules.dependentSchemas, at);
    for (const name of definedKeys(dependencies)) if (names.includes(name)) add(dependencies[name] as Plan);
  }
  combined(run, instance, rules, at, add);
  conditional(run, instance, rules, at, add);
  return evaluated;
}

/** A schema's keywords; `undefined` for `true` and `false`. */
function judged(run: Run, schema: Plan, at: Place): PlanObject | undefined {
  run.spend(at);
  if (typeof schema === "boolean") return undefined;
  if (schema === UNKNOWN) throw new Unjudged();
  const rules = object(schema, at);
  if (Object.values(rules).includes(UNKNOWN)) throw new Unjudged();
  return rules;
}

type Add = (schema: Plan, place?: Place) => void;

function followed(run: Run, rules: PlanObject, at: Place, add: Add): void {
  for (const reference of [rules.$ref, rules.$dynamicRef]) {
    if (typeof reference !== "string") continue;
    const found = run.registry.lookup(at.scope, reference, at.path);
    const depth = at.depth + 2;
    if (depth > 960) throw new Stopped("circular", at.path, "nested without end");
    add(found.contents, { ...at, scope: found.scope, depth });
  }
}

function conditional(run: Run, instance: Plan, rules: PlanObject, at: Place, add: Add): void {
  if (rules.if === undefined) return;
  if (isValid(run.validity(instance, rules.if, at))) {
    add(rules.if);
    if (rules.then !== undefined) add(rules.then);
  } else if (rules.else !== undefined) add(rules.else);
}

function combined(run: Run, instance: Plan, rules: PlanObject, at: Place, add: Add): void {
  for (const keyword of ["allOf", "oneOf", "anyOf"]) {
    const inner = rules[keyword];
    if (inner === undefined) continue;
    for (const each of list(inner, at)) if (isValid(run.validity(instance, each, at))) add(each);
  }
}

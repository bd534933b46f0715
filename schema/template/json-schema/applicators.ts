import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Place, Run } from "./evaluate.ts";
import type { Keyword } from "./keywords.ts";
import { Stopped, UNSURE, type Violation } from "./outcome.ts";
import { compareText, repr } from "./python-text.ts";
import { unevaluatedItems, unevaluatedProperties } from "./unevaluated.ts";
import { extras, list, object, violation } from "./violation.ts";

/** The keywords that apply other schemas. After jsonschema/_keywords.py, 4.26. */
export const applicators: { [keyword: string]: Keyword } = {
  $ref: reference,
  $dynamicRef: reference,
  properties: function* (run, value, instance, _schema, at) {
    if (!isObject(instance)) return;
    const properties = object(value, at);
    // Few values by a schema of many properties are a common case: each default is validated by itself.
    const given = definedKeys(instance).filter((name) => has(properties, name));
    for (const name of given.length < 2 ? given : definedKeys(properties)) {
      if (has(instance, name)) yield* run.descend(part(instance, name), part(properties, name), below(at, name));
    }
  },
  patternProperties: function* (run, value, instance, _schema, at) {
    if (!isObject(instance)) return;
    const patterns = object(value, at);
    for (const pattern of definedKeys(patterns)) {
      for (const name of definedKeys(instance)) {
        const matches = run.matches(pattern, name, at);
        if (matches === "unsure") yield UNSURE;
        else if (matches) yield* run.descend(part(instance, name), part(patterns, pattern), below(at, name));
      }
    }
  },
  propertyNames: function* (run, value, instance, _schema, at) {
    if (!isObject(instance)) return;
    for (const name of definedKeys(instance)) yield* run.descend(name, value, at);
  },
  additionalProperties: function* (run, value, instance, schema, at) {
    if (!isObject(instance)) return;
    const additional = additionalTo(run, instance, schema, at);
    if (additional === "unsure") return yield UNSURE;
    if (isObject(value)) {
      for (const name of additional) yield* run.descend(part(instance, name), value, below(at, name));
    } else if (value === false && additional.length > 0) {
      yield violation("additionalProperties", instance, schema, at, () => additionalWords(additional, schema));
    }
  },
  items: function* (run, value, instance, schema, at) {
    if (!Array.isArray(instance)) return;
    if (schema.prefixItems === UNKNOWN) return yield UNSURE;
    const prefix = schema.prefixItems === undefined ? 0 : list(schema.prefixItems, at).length;
    const extra = instance.length - prefix;
    if (extra <= 0) return;
    if (value === false) {
      yield violation("items", instance, schema, at, () => {
        const rest = extra === 1 ? (instance[prefix] as Plan) : instance.slice(prefix);
        return `Expected at most ${prefix} ${prefix === 1 ? "item" : "items"} but found ${extra} extra: ${repr(rest)}`;
      });
      return;
    }
    for (let index = prefix; index < instance.length; index++) {
      yield* run.descend(instance[index] as Plan, value, below(at, index));
    }
  },
  prefixItems: function* (run, value, instance, _schema, at) {
    if (!Array.isArray(instance)) return;
    for (const [index, schema] of list(value, at).entries()) {
      if (index >= instance.length) return;
      yield* run.descend(instance[index] as Plan, schema, below(at, index));
    }
  },
  contains: function* (run, value, instance, schema, at) {
    if (!Array.isArray(instance)) return;
    if (schema.minContains === UNKNOWN || schema.maxContains === UNKNOWN) return yield UNSURE;
    const least = typeof schema.minContains === "number" ? schema.minContains : 1;
    const most = typeof schema.maxContains === "number" ? schema.maxContains : instance.length;
    let matches = 0;
    let perhaps = 0;
    for (const each of instance) {
      const valid = run.validity(each, value, at);
      if (valid === "unsure") perhaps++;
      else if (valid && ++matches > most) {
        const say = (): string => `Too many items match the given schema (expected at most ${repr(most)})`;
        return yield violation("maxContains", instance, schema, at, say);
      }
    }
    if (perhaps > 0 && (matches < least || matches + perhaps > most)) return yield UNSURE;
    if (matches >= least) return;
    yield matches === 0
      ? violation(
          "contains",
          instance,
          schema,
          at,
          () => `${repr(instance)} does not contain items matching the given schema`,
        )
      : violation(
          "minContains",
          instance,
          schema,
          at,
          () => `Too few items match the given schema (expected at least ${repr(least)} but only ${matches} matched)`,
        );
  },
  allOf: function* (run, value, instance, _schema, at) {
    for (const each of list(value, at)) yield* run.descend(instance, each, at);
  },
  anyOf: function* (run, value, instance, schema, at) {
    const branches = firstValid(run, list(value, at), instance, at);
    if (branches.valid !== undefined) return;
    if (branches.unsure) return yield UNSURE;
    yield { ...violation("anyOf", instance, schema, at, () => noBranch(instance)), context: branches.context };
  },
  oneOf: function* (run, value, instance, schema, at) {
    const choices = list(value, at);
    const branches = firstValid(run, choices, instance, at);
    if (branches.valid === undefined) {
      if (branches.unsure) return yield UNSURE;
      return yield { ...violation("oneOf", instance, schema, at, () => noBranch(instance)), context: branches.context };
    }
    const more: Plan[] = [];
    let unsure = branches.unsure;
    for (const each of choices.slice(branches.valid + 1)) {
      const valid = run.validity(instance, each, at);
      if (valid === "unsure") unsure = true;
      else if (valid) more.push(each);
    }
    if (more.length > 0) {
      const all = [...more, choices[branches.valid] as Plan];
      yield violation(
        "oneOf",
        instance,
        schema,
        at,
        () => `${repr(instance)} is valid under each of ${all.map(repr).join(", ")}`,
      );
    } else if (unsure) yield UNSURE;
  },
  not: function* (run, value, instance, schema, at) {
    const valid = run.validity(instance, value, at);
    if (valid === "unsure") yield UNSURE;
    else if (valid) {
      yield violation("not", instance, schema, at, () => `${repr(instance)} should not be valid under ${repr(value)}`);
    }
  },
  if: function* (run, value, instance, schema, at) {
    const valid = run.validity(instance, value, at);
    if (valid === "unsure") return yield UNSURE;
    const next = valid ? schema.then : schema.else;
    if (next !== undefined) yield* run.descend(instance, next, at);
  },
  dependentSchemas: function* (run, value, instance, _schema, at) {
    if (!isObject(instance)) return;
    const dependencies = object(value, at);
    for (const name of definedKeys(dependencies)) {
      if (has(instance, name)) yield* run.descend(instance, part(dependencies, name), at);
    }
  },
  unevaluatedItems,
  unevaluatedProperties,
};

function* reference(run: Run, value: Plan, instance: Plan, _schema: PlanObject, at: Place): ReturnType<Run["descend"]> {
  if (typeof value !== "string") throw new Stopped("crash", at.path, "a reference that is not a string");
  const found = run.registry.lookup(at.scope, value, at.path);
  yield* run.descend(instance, found.contents, { ...at, scope: found.scope });
}

/** Tries branches in turn until one is valid. `unsure`: an earlier branch might be valid too. */
function firstValid(run: Run, branches: readonly Plan[], instance: Plan, at: Place) {
  const context: Violation[] = [];
  let unsure = false;
  for (const [index, branch] of branches.entries()) {
    let failed = false;
    let judged = true;
    for (const finding of run.descend(instance, branch, at)) {
      if (finding === UNSURE) judged = false;
      else {
        failed = true;
        context.push(finding);
      }
    }
    if (!failed && judged) return { valid: index, unsure, context };
    if (!failed) unsure = true;
  }
  return { valid: undefined, unsure, context };
}

function noBranch(instance: Plan): string {
  return `${repr(instance)} is not valid under any of the given schemas`;
}

/** The names that neither `properties` nor `patternProperties` know. */
function additionalTo(run: Run, instance: PlanObject, schema: PlanObject, at: Place): string[] | "unsure" {
  if (schema.properties === UNKNOWN || schema.patternProperties === UNKNOWN) return "unsure";
  const properties = schema.properties === undefined ? {} : object(schema.properties, at);
  const patterns = schema.patternProperties === undefined ? [] : definedKeys(object(schema.patternProperties, at));
  const names: string[] = [];
  run.spend(at, definedKeys(instance).length / 10);
  for (const name of definedKeys(instance)) {
    if (has(properties, name)) continue;
    // The original joins the patterns with "|", and so must we: parentheses and flags may span them.
    const matched = patterns.length === 0 ? false : run.matches(patterns.join("|"), name, at);
    if (matched === "unsure") return "unsure";
    if (!matched) names.push(name);
  }
  return names;
}

function additionalWords(names: readonly string[], schema: PlanObject): string {
  const sorted = [...names].sort(compareText);
  if (!isObject(schema.patternProperties))
    return `Additional properties are not allowed (${extras(sorted)} unexpected)`;
  const patterns = definedKeys(schema.patternProperties).sort(compareText).map(repr).join(", ");
  const verb = sorted.length === 1 ? "does" : "do";
  return `${sorted.map(repr).join(", ")} ${verb} not match any of the regexes: ${patterns}`;
}

function below(at: Place, step: string | number): Place {
  return { ...at, path: [...at.path, step] };
}

function has(value: PlanObject, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined;
}

function part(value: PlanObject, name: string): Plan {
  return value[name] as Plan;
}

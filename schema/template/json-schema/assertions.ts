import { definedKeys, hasUnknown, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Place } from "./evaluate.ts";
import { hasFormat } from "./formats.ts";
import type { Keyword } from "./keywords.ts";
import { type Finding, Stopped, UNSURE, type Validity } from "./outcome.ts";
import { repr } from "./python-text.ts";
import { list, number, object, text, violation } from "./violation.ts";

/** The keywords that look at one value only. After jsonschema/_keywords.py, 4.26. */
export const assertions: { [keyword: string]: Keyword } = {
  type: function* (_run, value, instance, schema, at) {
    const types = typeof value === "string" ? [value] : list(value, at);
    if (types.some((type) => type !== UNKNOWN && isOfType(instance, type, at))) return;
    if (types.includes(UNKNOWN)) return yield UNSURE;
    yield violation(
      "type",
      instance,
      schema,
      at,
      () => `${repr(instance)} is not of type ${types.map(repr).join(", ")}`,
    );
  },
  enum: function* (run, value, instance, schema, at) {
    const choices = list(value, at);
    run.spend(at, choices.length / 10);
    const same = choices.map((choice) => sameness(choice, instance));
    if (same.includes(true)) return;
    if (same.includes("unsure")) return yield UNSURE;
    yield violation("enum", instance, schema, at, () => `${repr(instance)} is not one of ${repr(choices)}`);
  },
  const: function* (_run, value, instance, schema, at) {
    const same = sameness(instance, value);
    if (same === "unsure") yield UNSURE;
    else if (!same) yield violation("const", instance, schema, at, () => `${repr(value)} was expected`);
  },
  minimum: limit((instance, bound) => instance < bound, "is less than the minimum of"),
  maximum: limit((instance, bound) => instance > bound, "is greater than the maximum of"),
  exclusiveMinimum: limit((instance, bound) => instance <= bound, "is less than or equal to the minimum of"),
  exclusiveMaximum: limit((instance, bound) => instance >= bound, "is greater than or equal to the maximum of"),
  multipleOf: function* (_run, value, instance, schema, at) {
    if (typeof instance !== "number") return;
    const divisor = number(value, at);
    const multiple = isMultiple(instance, divisor, at);
    if (multiple === "unsure") yield UNSURE;
    else if (!multiple) {
      yield violation(
        "multipleOf",
        instance,
        schema,
        at,
        () => `${repr(instance)} is not a multiple of ${repr(divisor)}`,
      );
    }
  },
  minLength: size("minLength", lengthOfText),
  maxLength: size("maxLength", lengthOfText),
  minItems: size("minItems", (instance) => (Array.isArray(instance) ? instance.length : undefined)),
  maxItems: size("maxItems", (instance) => (Array.isArray(instance) ? instance.length : undefined)),
  minProperties: size("minProperties", lengthOfObject),
  maxProperties: size("maxProperties", lengthOfObject),
  uniqueItems: function* (run, value, instance, schema, at) {
    if (!Array.isArray(instance) || !isTruthy(value)) return;
    run.spend(at, instance.length / 10);
    const known = instance.filter((item) => !hasUnknown(item)).map(canonical);
    if (new Set(known).size < known.length) {
      yield violation("uniqueItems", instance, schema, at, () => `${repr(instance)} has non-unique elements`);
    } else if (known.length < instance.length && instance.length > 1) yield UNSURE;
  },
  pattern: function* (run, value, instance, schema, at) {
    if (typeof instance !== "string") return;
    const matches = run.matches(text(value, at), instance, at);
    if (matches === "unsure") yield UNSURE;
    else if (!matches) {
      yield violation("pattern", instance, schema, at, () => `${repr(instance)} does not match ${repr(value)}`);
    }
  },
  format: function* (run, value, instance, schema, at) {
    if (!run.formats || typeof instance !== "string" || typeof value !== "string") return;
    run.spend(at, 10);
    const valid = hasFormat(value, instance);
    if (valid === "unsure") yield UNSURE;
    else if (valid === false) {
      yield violation("format", instance, schema, at, () => `${repr(instance)} is not a ${repr(value)}`);
    }
  },
  required: function* (run, value, instance, schema, at) {
    if (!isObject(instance)) return;
    run.spend(at, list(value, at).length / 10);
    yield* missing(list(value, at), instance, (name) =>
      violation("required", instance, schema, at, () => `${repr(name)} is a required property`),
    );
  },
  dependentRequired: function* (_run, value, instance, schema, at) {
    if (!isObject(instance)) return;
    const dependencies = object(value, at);
    for (const name of definedKeys(dependencies)) {
      if (!has(instance, name)) continue;
      const needed = dependencies[name] as Plan;
      if (needed === UNKNOWN) yield UNSURE;
      else {
        yield* missing(list(needed, at), instance, (each) =>
          violation("dependentRequired", instance, schema, at, () => `${repr(each)} is a dependency of ${repr(name)}`),
        );
      }
    }
  },
};

export const TYPES: { [type: string]: (instance: Plan) => boolean } = {
  array: Array.isArray,
  boolean: (instance) => typeof instance === "boolean",
  integer: Number.isInteger,
  null: (instance) => instance === null,
  number: (instance) => typeof instance === "number",
  object: isObject,
  string: (instance) => typeof instance === "string",
};

function isOfType(instance: Plan, type: Plan, at: Place): boolean {
  const test = typeof type === "string" && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (test === undefined) throw new Stopped("crash", at.path, "a type that does not exist");
  return test(instance);
}

function limit(fails: (instance: number, bound: number) => boolean, words: string): Keyword {
  return function* (_run, value, instance, schema, at) {
    if (typeof instance !== "number") return;
    const bound = number(value, at);
    if (!fails(instance, bound)) return;
    const keyword = `${words.includes("or equal") ? "exclusive" : ""}${words.includes("less") ? "Minimum" : "Maximum"}`;
    const name = keyword.charAt(0).toLowerCase() + keyword.slice(1);
    yield violation(name, instance, schema, at, () => `${repr(instance)} ${words} ${repr(bound)}`);
  };
}

function size(keyword: string, measure: (instance: Plan) => number | undefined): Keyword {
  const least = keyword.startsWith("min");
  return function* (_run, value, instance, schema, at) {
    const measured = measure(instance);
    if (measured === undefined) return;
    const bound = number(value, at);
    if (least ? measured >= bound : measured <= bound) return;
    yield violation(keyword, instance, schema, at, () => `${repr(instance)} ${sizeWords(keyword, bound)}`);
  };
}

function sizeWords(keyword: string, bound: number): string {
  if (keyword.startsWith("min")) {
    if (bound === 1) return "should be non-empty";
    return keyword === "minProperties" ? "does not have enough properties" : "is too short";
  }
  if (bound === 0) return "is expected to be empty";
  return keyword === "maxProperties" ? "has too many properties" : "is too long";
}

function lengthOfText(instance: Plan): number | undefined {
  return typeof instance === "string" ? [...instance].length : undefined;
}

function lengthOfObject(instance: Plan): number | undefined {
  return isObject(instance) ? definedKeys(instance).length : undefined;
}

function* missing(names: readonly Plan[], instance: PlanObject, report: (name: string) => Finding): Generator<Finding> {
  for (const name of names) {
    if (name === UNKNOWN) yield UNSURE;
    else if (typeof name !== "string" || !has(instance, name)) yield report(String(name));
  }
}

function has(instance: PlanObject, name: string): boolean {
  return Object.hasOwn(instance, name) && instance[name] !== undefined;
}

function isMultiple(instance: number, divisor: number, at: Place): Validity {
  if (Number.isInteger(divisor)) return instance % divisor === 0;
  const quotient = instance / divisor;
  if (Number.isNaN(quotient)) throw new Stopped("crash", at.path, "a quotient that is not a number");
  // Python goes on with exact fractions there.
  if (!Number.isFinite(quotient)) return "unsure";
  return Number.isInteger(quotient);
}

function isTruthy(value: Plan): boolean {
  return value !== false && value !== null && value !== 0 && value !== "";
}

/** Equality in JSON Schema's sense, where parts of either side may be unknown. */
function sameness(a: Plan, b: Plan): Validity {
  if (a === UNKNOWN || b === UNKNOWN) return "unsure";
  if (a === b) return true;
  let parts: Validity[];
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    parts = a.map((item, index) => sameness(item, b[index] as Plan));
  } else if (isObject(a) && isObject(b)) {
    const left: PlanObject = a;
    const right: PlanObject = b;
    const names = definedKeys(left);
    if (names.length !== definedKeys(right).length || !names.every((name) => has(right, name))) return false;
    parts = names.map((name) => sameness(left[name] as Plan, right[name] as Plan));
  } else return false;
  if (parts.includes(false)) return false;
  return parts.includes("unsure") ? "unsure" : true;
}

/** One text for all values that are equal. */
function canonical(value: Plan): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (isObject(value)) {
    const object: PlanObject = value;
    const parts = definedKeys(object)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(object[key] as Plan)}`);
    return `{${parts.join()}}`;
  }
  return typeof value === "number" ? String(value + 0) : JSON.stringify(value);
}

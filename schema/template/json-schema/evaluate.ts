import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import { KEYWORDS } from "./keywords.ts";
import { type Finding, Stopped, UNSURE, type Validity, type Violation } from "./outcome.ts";
import { type Answer, search } from "./python-regex/match.ts";
import { PatternError } from "./python-regex/syntax.ts";
import { repr } from "./python-text.ts";
import { enter, OTHER_DRAFTS, Registry, type Scope } from "./references.ts";

/** Where an evaluation stands. */
export interface Place {
  /** In the validated value. */
  path: Path;
  scope: Scope;
  /** Frames on Python's stack, roughly. */
  depth: number;
}

export interface RunOptions {
  /** Whether `format` counts. The server checks it in schemas and in defaults, never in values. */
  formats: boolean;
  /** Shared by all validations that one question needs. */
  budget?: Budget;
}

/** How much may still be done, so that no document can keep a validation busy for long. */
export interface Budget {
  steps: number;
}

/** Enough for schemas of several thousand places; about half a second. */
export function newBudget(): Budget {
  return { steps: 400_000 };
}

/** Frames of Python's stack that a validation may use before it ends in RecursionError; measured on a server: about 930. */
const SURE_DEPTH = 850;
const MOST_DEPTH = 960;

/** One validation of one value by one schema: JSON Schema 2020-12 the way Python's `jsonschema` 4 reads it, with its order of
 *  findings, its words, and its limits. Lazy like the original: what comes after a crash or a first violation is not
 *  looked at where the original would not. */
export class Run {
  readonly registry: Registry;
  readonly formats: boolean;
  private readonly root: Plan;
  private readonly budget: Budget;
  /** Whether anything so far could not be judged, be it in a branch that was tried and left. */
  doubtful = false;
  /** Deeper than Python surely goes, so that it may have stopped where we went on. */
  private deep = false;

  constructor(root: Plan, options: RunOptions, registry = new Registry(root)) {
    this.root = root;
    this.registry = registry;
    this.formats = options.formats;
    this.budget = options.budget ?? newBudget();
  }

  /** All findings. Throws: Stopped. */
  *findings(instance: Plan): Generator<Finding> {
    yield* this.descend(instance, this.root, { path: [], scope: this.registry.root, depth: 0 });
    if (this.deep) yield UNSURE;
  }

  /** Throws: Stopped, when too much has been done. */
  spend(at: Place, steps = 1): void {
    this.budget.steps -= steps;
    if (this.budget.steps < 0) throw new Stopped("budget", at.path, "too much to check");
  }

  *descend(instance: Plan, schema: Plan, at: Place): Generator<Finding> {
    for (const finding of this.check(instance, schema, at)) {
      if (finding === UNSURE) this.doubtful = true;
      yield finding;
    }
  }

  private *check(instance: Plan, schema: Plan, at: Place): Generator<Finding> {
    this.spend(at);
    if (schema === true) return;
    if (schema === UNKNOWN) return yield UNSURE;
    if (schema === false) {
      const say = (): string => `False schema does not allow ${repr(instance)}`;
      return yield { keyword: undefined, path: at.path, instance, schema, say, context: [] };
    }
    if (!isObject(schema)) throw new Stopped("crash", at.path, "a reference leads to something that is not a schema");
    const rules: PlanObject = schema;
    const keys = definedKeys(rules);
    if (instance === UNKNOWN) {
      if (keys.some((key) => KEYWORDS.has(key))) yield UNSURE;
      return;
    }
    if (
      at.path.length + at.depth > 0 &&
      typeof rules.$schema === "string" &&
      OTHER_DRAFTS.has(rules.$schema.replace(/#$/, ""))
    ) {
      return yield UNSURE;
    }
    const inside = { ...at, scope: enter(at.scope, schema), depth: at.depth + 2 };
    if (inside.depth > MOST_DEPTH) throw new Stopped("circular", at.path, "nested without end");
    if (inside.depth > SURE_DEPTH) this.deep = true;
    for (const key of keys) {
      const keyword = KEYWORDS.get(key);
      if (keyword === undefined) continue;
      const value = rules[key] as Plan;
      if (value === UNKNOWN) yield UNSURE;
      else yield* keyword(this, value, instance, rules, inside);
    }
  }

  /** Whether a value is valid, looking no further than the first violation. */
  validity(instance: Plan, schema: Plan, at: Place): Validity {
    let validity: Validity = true;
    for (const finding of this.descend(instance, schema, at)) {
      if (finding !== UNSURE) return false;
      validity = "unsure";
    }
    return validity;
  }

  matches(pattern: string, text: string, at: Place): Answer {
    this.spend(at, 10);
    try {
      const answer = search(pattern, text, 20_000);
      if (answer === "unsure") this.spend(at, 2_000);
      return answer;
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      throw new Stopped("crash", at.path, "a pattern that Python cannot read");
    }
  }
}

/** The findings of a validation in one go. */
export interface Findings {
  violations: Violation[];
  /** Something could not be judged: without violations, the value may or may not be valid. */
  unsure: boolean;
  /** Why Python would not have come to the end. */
  stopped: Stopped | undefined;
  /** We did not come to the end, and Python may have. */
  cut: boolean;
}

/** Most violations to collect of one value. */
const MOST_VIOLATIONS = 1_000;

/** Validates, and takes what comes: never throws on user data. */
export function evaluate(instance: Plan, run: Run): Findings {
  const violations: Violation[] = [];
  let unsure = false;
  try {
    for (const finding of run.findings(instance)) {
      if (finding === UNSURE) unsure = true;
      else if (violations.length < MOST_VIOLATIONS) violations.push(finding);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    // What could not be judged might have kept the validation from coming here.
    if (error.reason === "budget" || run.doubtful) return { violations, unsure: true, stopped: undefined, cut: true };
    return { violations, unsure, stopped: error, cut: false };
  }
  return { violations, unsure, stopped: undefined, cut: false };
}

import type { Plan, PlanObject } from "../../json.ts";
import { applicators } from "./applicators.ts";
import { assertions } from "./assertions.ts";
import type { Place, Run } from "./evaluate.ts";
import type { Finding } from "./outcome.ts";

/** Checks one keyword's value against an instance. Neither is UNKNOWN itself; parts of them may be. */
export type Keyword = (run: Run, value: Plan, instance: Plan, schema: PlanObject, at: Place) => Iterable<Finding>;

/** Every keyword of draft 2020-12 that `jsonschema` acts on. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(Object.entries({ ...applicators, ...assertions }));

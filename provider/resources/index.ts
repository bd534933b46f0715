import type { Resources } from "../engine/lifecycle.ts";
import { callFunction } from "./functions.ts";
import { lifecycleOf } from "./lifecycles.ts";

/** What the provider serves: every kind of resource and every function of the schema. */
export const resources: Resources = { lifecycleOf, callFunction };

import { z } from "zod";
import { directive } from "../define.ts";
import { adoptPolicy } from "./types.ts";

export const adopt = directive(adoptPolicy, {
  doc: "What to do when an object with this key already exists on the server and is not in the state. `refuse` (default) stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any other, and so deleted by destroy. Overrides the provider's `adopt`.",
});

export const forceDelete = directive(z.boolean(), {
  doc: "Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the provider's `forceDelete`.",
});

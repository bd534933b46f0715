import type { Lifecycle } from "../engine/lifecycle.ts";
import { lifecycles } from "./lifecycles.generated.ts";

/** The lifecycle of a kind. Throws: Error for a kind that does not exist (a plugin older than its SDK). */
export function lifecycleOf(kind: string): Lifecycle {
  const lifecycle = lifecycles.find(({ contract }) => contract.kind === kind);
  if (lifecycle !== undefined) return lifecycle;
  throw new Error(`prefect-iac has no resource of kind ${kind}: is the plugin older than the program's package?`);
}

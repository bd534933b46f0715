import type { ResourceContract } from "../define.ts";
import { contracts } from "./contracts.generated.ts";

export * from "./contracts.generated.ts";

/** The contract of a kind. Throws: Error for a kind that does not exist (a bug of ours, or a plugin older than its SDK). */
export function contractOf(kind: string): ResourceContract {
  const contract = contracts.find((candidate) => candidate.kind === kind);
  if (contract === undefined) throw new Error(`prefect-iac has no resource of kind ${kind}`);
  return contract;
}

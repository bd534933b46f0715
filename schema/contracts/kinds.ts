/** Every kind of resource, in the order of the documentation. The only list of them: `npm run gen` writes the imports of the contracts
 *  (`contracts.generated.ts`) and of the lifecycles (`provider/resources/lifecycles.generated.ts`) from it. A kind's files are named
 *  after it: `WorkPool` is the export `workPool` of `work-pool.ts`, here and there. */
export const kinds = [
  "WorkPool",
  "WorkQueue",
  "QueueOrder",
  "BaseJobTemplate",
  "GlobalConcurrencyLimit",
  "TagConcurrencyLimit",
] as const;

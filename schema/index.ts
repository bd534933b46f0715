/** What a thing is: contracts, job-template rules, and what both need. No I/O anywhere below. */
export { type CheckContext, type Checked, check } from "./check.ts";
export { type ProviderSettings, providerConfig, type SettingName } from "./config.ts";
export { functions } from "./contracts/functions.ts";
export * from "./contracts/index.ts";
export * from "./define.ts";
export * from "./json.ts";
export * from "./path.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { contract, type DeploymentVariables } from "./template/contract.ts";
export { defaultTemplate, workerTypes } from "./template/default-template.ts";
export { referencedBlocks } from "./template/defaults.ts";
export { type LintOptions, lint } from "./template/lint.ts";
export { type TemplateRule, templateRules } from "./template/rule-book.ts";
export { withSeverities } from "./template/rules.ts";
export { checkVariables, isValidSchema, type ValidateOptions, validateAgainst } from "./template/variables.ts";
export type { SchemaProblem, Verdict } from "./template/verdict.ts";
export { type WorkerMetadata, workerMetadata } from "./template/worker-metadata.ts";

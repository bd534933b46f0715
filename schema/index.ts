/** What a thing is: contracts, job-template rules, and what both need. No I/O anywhere below. */
export { type CheckContext, type Checked, check } from "./check.ts";
export { type ProviderSettings, providerConfig, type SettingName } from "./config.ts";
export { functions } from "./contracts/functions.ts";
export * from "./contracts/index.ts";
export * from "./define.ts";
export * from "./json.ts";
export * from "./path.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { checkDeployments, type DeploymentVariables } from "./template/deployment-compatibility.ts";
export { type LintOptions, lintTemplate } from "./template/lint/lint-template.ts";
export { TEMPLATE_RULES, type TemplateRule, withSeverities } from "./template/template-rules.ts";
export { referencedBlocks } from "./template/validation/default-values.ts";
export { checkJobVariables } from "./template/validation/job-variables.ts";
export type { SchemaProblem, ValidationResult } from "./template/validation/schema-problem.ts";
export { type ValidateOptions, validateAgainst, validateSchema } from "./template/validation/schema-validator.ts";
export {
  defaultTemplate,
  type WorkerMetadata,
  workerMetadata,
  workerTypes,
} from "./template/workers/worker-metadata.ts";

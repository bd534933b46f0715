import type { Problem } from "../problem.ts";

/** What a rule for templates checks. */
export interface TemplateRule {
  /** `error`: the server would refuse it, or fail. `warning`: the server accepts it, and workers ignore it or later runs fail.
   *  `error-on-create`: an error in a create, where the server checks it; a warning in an update. */
  readonly severity: "error" | "warning" | "error-on-create";
  readonly doc: string;
}

/** Every rule for templates, by its id. */
export const TEMPLATE_RULES: Readonly<Record<string, TemplateRule>> = {
  "template/block-reference": {
    severity: "error-on-create",
    doc: 'A default with the key `$ref` is no reference to a block, `{ "$ref": { "block_document_id": "<uuid>" } }`.',
  },
  "template/block-without-title": {
    severity: "error-on-create",
    doc: "A definition has `block_type_slug` and no `title`.",
  },
  "template/boolean-schema": { severity: "error-on-create", doc: "A variable's schema is plain `true` or `false`." },
  "template/circular-reference": {
    severity: "error-on-create",
    doc: "A `$ref` leads back to itself without going into the value. A warning where no default reaches it.",
  },
  "template/configuration-key": {
    severity: "warning",
    doc: "A key of `job_configuration` is one or two letters away from one that the pool's worker type knows.",
  },
  "template/default-switches-off-required": {
    severity: "warning",
    doc: "A default is not valid when runs are validated, so the server enforces `required` for no run of the pool.",
  },
  "template/default-violates-schema": { severity: "error-on-create", doc: "A default violates its variable's schema." },
  "template/ignores-variable": {
    severity: "warning",
    doc: "A deployment sets a job variable that would have no effect any more. Reads the deployments from the server; see `contractCheck`.",
  },
  "template/invalid-schema": {
    severity: "error-on-create",
    doc: "`variables` is not a JSON Schema (draft 2020-12, patterns in Python's syntax).",
  },
  "template/lone-surrogate": {
    severity: "error",
    doc: "A string contains half of a character (a lone UTF-16 surrogate).",
  },
  "template/missing-block": {
    severity: "error-on-create",
    doc: "A default refers to a block by something else than its UUID.",
  },
  "template/missing-part": {
    severity: "error",
    doc: "`job_configuration` or `variables` is missing or empty, and the template is not empty as a whole.",
  },
  "template/not-an-object": {
    severity: "error",
    doc: "`job_configuration`, `variables` or its `properties` is not an object.",
  },
  "template/not-judged": {
    severity: "warning",
    doc: "The template is too large or its patterns are too costly to be checked completely.",
  },
  "template/nul-character": {
    severity: "warning",
    doc: "A string contains a NUL character, which PostgreSQL cannot store.",
  },
  "template/numeric-placeholder": {
    severity: "warning",
    doc: "A part of a placeholder's name is a number, which workers read as an index of a list.",
  },
  "template/placeholder-in-default": {
    severity: "warning",
    doc: "A default has a placeholder. Workers replace placeholders in no default but that of `env`.",
  },
  "template/placeholder-in-key": {
    severity: "warning",
    doc: "A key has a placeholder. Workers replace them in values only.",
  },
  "template/reference-in-configuration": {
    severity: "warning",
    doc: "A `$ref` in `job_configuration` is not an object: workers fail on it.",
  },
  "template/refuses-deployment": {
    severity: "error",
    doc: "The server would refuse runs of a deployment that it accepts now. Reads the deployments from the server; see `contractCheck`.",
  },
  "template/required-undeclared": {
    severity: "warning",
    doc: "`required` names a variable that `properties` does not declare.",
  },
  "template/too-deep": { severity: "error", doc: "The template is nested more than about 250 levels deep." },
  "template/two-owners": {
    severity: "error",
    doc: "A `WorkPool` and a `BaseJobTemplate` of the program both declare the pool's template.",
  },
  "template/unchecked-placeholder": {
    severity: "warning",
    doc: "A placeholder that is not declared, written in a way that the server does not notice. Workers replace it by nothing.",
  },
  "template/undeclared-placeholder": {
    severity: "error",
    doc: "`job_configuration` uses a placeholder that `variables.properties` does not declare.",
  },
  "template/unreachable-default": {
    severity: "warning",
    doc: "A variable's name has dots or brackets, which workers read as a path, and so never find its default.",
  },
  "template/unresolvable-reference": {
    severity: "error-on-create",
    doc: "A `$ref` cannot be resolved, or leads to something that is not a schema. A warning where no default reaches it.",
  },
  "template/unused-variable": {
    severity: "warning",
    doc: "A variable is declared and used nowhere: setting it has no effect.",
  },
};

/** Applies a user's severities of single rules (`lintRules` of the provider's configuration). What stands for a refusal of the
 *  server stays an error. */
export function withSeverities(
  problems: readonly Problem[],
  severities: Readonly<Record<string, "error" | "warn" | "off">>,
): Problem[] {
  return problems.flatMap((problem): Problem[] => {
    const severity = Object.hasOwn(severities, problem.rule) ? severities[problem.rule] : undefined;
    if (problem.severity === "error" || severity === undefined || severity === "warn") return [problem];
    return severity === "off" ? [] : [{ ...problem, severity: "error" }];
  });
}

import { describe, expect, it } from "vitest";
import { lintTemplate } from "../../../schema/template/lint/lint-template.ts";
import { withSeverities } from "../../../schema/template/template-rules.ts";

describe("severities", () => {
  const broken = {
    job_configuration: { command: "{{ x }}" },
    variables: { properties: { x: { type: "string", default: 5 } } },
  };

  it("of template rules change as the user configures them, but what stands for a refusal stays an error", () => {
    const problems = lintTemplate(broken, { operation: "create" }).concat(
      lintTemplate(broken, { operation: "update" }),
    );
    const severities = (configured: "error" | "warn" | "off") =>
      withSeverities(problems, { "template/default-violates-schema": configured }).map(({ severity }) => severity);
    expect(severities("error")).toEqual(["error", "error"]);
    expect(severities("warn")).toEqual(["error", "warning"]);
    expect(severities("off")).toEqual(["error"]);
  });
});

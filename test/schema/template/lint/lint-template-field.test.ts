import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../schema/json.ts";
import { formatPath } from "../../../../schema/path.ts";
import { lintTemplateField } from "../../../../schema/template/lint/lint-template-field.ts";

describe("the template rules of a resource", () => {
  const broken = {
    job_configuration: { command: "{{ x }}" },
    variables: { properties: { x: { type: "string", default: 5 } } },
  };

  it("put the field in front of every path", () => {
    const problems = lintTemplateField("baseJobTemplate")(
      { baseJobTemplate: broken, type: "process" },
      { operation: "create" },
    );
    expect(problems.map(({ severity, path }) => [severity, formatPath(path)])).toEqual([
      ["error", "baseJobTemplate.variables.properties.x.default"],
    ]);
  });

  it("can be given the operation that reaches the server, whatever the resource does", () => {
    const problems = lintTemplateField("template", "update")({ template: broken }, { operation: "create" });
    expect(problems.map(({ severity }) => severity)).toEqual(["warning"]);
  });

  it("report nothing for a template that is absent or not known", () => {
    expect(lintTemplateField("template")({}, { operation: "create" })).toEqual([]);
    expect(lintTemplateField("template")({ template: UNKNOWN }, { operation: "create" })).toEqual([]);
  });
});

import { z } from "zod";
import { defineResource, directive, field, output } from "../define.ts";
import { lintTemplateField } from "../template/lint/lint-template-field.ts";
import { document, poolName, uuid } from "./types.ts";

export const baseJobTemplate = defineResource({
  kind: "BaseJobTemplate",
  doc: "The base job template of a pool that is managed elsewhere (by another stack, by hand, by a worker). Remembers the template it found, and puts it back when it is removed. For a pool of the same program, set the pool's own `baseJobTemplate` instead.",
  importId: "the pool's name",
  naturalKey: ["workPool"],
  identity: "workPoolId",
  fields: {
    workPool: field(poolName, { doc: "Name of the pool.", required: true, onChange: "replace", apiName: "name" }),
    template: field(document, {
      doc: "The template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by key. A JSON string is accepted too.",
      required: true,
      apiName: "base_job_template",
      acceptsJsonText: true,
    }),
  },
  directives: {
    onDelete: directive(z.enum(["restore", "keep"]), {
      doc: "What removing this resource does. `restore` (default) puts back the template that was there at first, if the pool is still the same one and still has the template applied last; otherwise the template is kept, with a warning. `keep` sends nothing.",
    }),
  },
  outputs: {
    workPoolId: output(uuid, { doc: "UUID of the pool.", apiName: "id" }),
    previousTemplate: output(document, {
      doc: "The template found at the first create, to be put back on removal. Secret, for it may hold somebody else's values. Absent after an import, and when the pool already had the declared template.",
      apiName: null,
      secret: true,
      optional: true,
    }),
  },
  // The pool exists: its template is always PATCHed.
  rules: [lintTemplateField("template", "update")],
});

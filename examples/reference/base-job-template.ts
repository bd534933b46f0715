import * as prefect from "prefect-iac";

// The pool belongs to another team; only its template is managed here.
export const template = new prefect.BaseJobTemplate("shared-template", {
  workPool: "shared",
  template: prefect.getDefaultJobTemplateOutput({ type: "process" }).template,
  onDelete: "restore",
});

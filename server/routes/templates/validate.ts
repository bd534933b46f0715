import { z } from "zod";
import { validateTemplate } from "../../domain/jinja/template.ts";
import { type Body, whole } from "../../http/request/body.ts";
import { text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const required = whole(text());

/** A text as it is; none is an empty one. */
const template: Body<string> = {
  ...required,
  optional: true,
  read: (given) => (given === undefined ? "" : required.read(given)),
};

const problemView = z.strictObject({
  error: z.strictObject({ line: view.integer, message: view.text, source: view.text }),
});

export const templateRoutes = (["/templates/validate", "/automations/templates/validate"] as const).map((path) =>
  route({
    method: "POST",
    path,
    summary: "Validate Template",
    body: template,
    responses: { 204: null, 422: problemView },
    handle({ body }) {
      const problem = validateTemplate(body);
      if (problem === undefined) return { status: 204 };
      const { line, message } = problem;
      return { status: 422, body: { error: { line, message, source: body } } };
    },
  }),
);

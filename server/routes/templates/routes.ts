import { z } from "zod";
import { validateTemplate } from "../../domain/jinja/template.ts";
import { type Body, whole } from "../../http/request/body.ts";
import { text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const required = whole(text());

/** A text; without a body, the empty text. */
const template: Body<string> = {
  ...required,
  optional: true,
  read: (raw) => (raw === undefined ? "" : required.read(raw)),
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

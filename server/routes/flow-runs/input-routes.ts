import { z } from "zod";
import { createInput, findInput, removeInput } from "../../domain/flow-runs/inputs.ts";
import { members } from "../../http/request/body.ts";
import { integer, text } from "../../http/request/request-types.ts";
import { PlainText, view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listFlowRunInputs } from "../../store/queries/runs/flow-run-inputs.ts";

const inputView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    flow_run_id: view.uuid,
    key: view.text,
    value: view.text,
    sender: view.text.nullable(),
  })
  .meta({ id: "FlowRunInput" });

/** Upstream accepts any key, and fails when it stores it. */
const inputKey = text({
  check: (value) =>
    /^[a-z0-9-]*$/.test(value) ? undefined : "Input key must only contain lowercase letters, numbers, and dashes.",
});

/** Inputs that are sent to paused runs. */
export const inputRoutes = [
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/input",
    summary: "Create Flow Run Input",
    body: members({ key: inputKey, value: text(), sender: text().nullable().default(null) }),
    responses: { 201: z.null() },
    async handle({ params, body }, context) {
      await createInput(context, { flow_run_id: params.id, ...body });
      return { status: 201, body: null };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/input/filter",
    summary: "Filter Flow Run Input",
    body: members({
      prefix: text(),
      limit: integer().default(1),
      exclude_keys: z.array(text()).default([]),
    }),
    responses: { 200: z.array(inputView) },
    async handle({ params, body }, { store }) {
      const { prefix, exclude_keys: exclude, limit } = body;
      // Upstream passes any number to its database, where a negative one means no limit.
      const most = limit < 0 ? 10_000 : limit;
      return { status: 200, body: await listFlowRunInputs(store.db, params.id, { prefix, exclude, most }) };
    },
  }),
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/input/{key}",
    summary: "Read Flow Run Input",
    responses: { 200: view.plain },
    async handle({ params }, { store }) {
      return { status: 200, body: new PlainText((await findInput(store.db, params.id, params.key)).value) };
    },
  }),
  route({
    method: "DELETE",
    path: "/flow_runs/{id:uuid}/input/{key}",
    summary: "Delete Flow Run Input",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeInput(context, params.id, params.key);
      return { status: 204 };
    },
  }),
];

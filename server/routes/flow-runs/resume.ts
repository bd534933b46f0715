import { resumeFlowRun } from "../../domain/flow-runs/resume.ts";
import { transaction } from "../../domain/transaction.ts";
import { members } from "../../http/request/body.ts";
import { document } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { outcomeView, presentOutcome } from "../states/outcome.ts";
import { clientManners } from "./client.ts";

export const resumeFlowRunRoute = route({
  method: "POST",
  path: "/flow_runs/{id:uuid}/resume",
  summary: "Resume Flow Run",
  body: members({ run_input: document().optional() }),
  responses: { 200: outcomeView, 201: outcomeView },
  async handle({ params, body, headers }, context) {
    const request = { input: body.run_input, client: clientManners(headers) };
    const outcome = await transaction(context, (context, tx) => resumeFlowRun(context, tx, params.id, request));
    return { status: outcome.changed ? 201 : 200, body: presentOutcome(outcome) };
  },
});

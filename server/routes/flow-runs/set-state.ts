import { z } from "zod";
import { setFlowRunState } from "../../domain/flow-runs/set-state.ts";
import { transaction } from "../../domain/transaction.ts";
import { members } from "../../http/request/body.ts";
import { flag, integer } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { listFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunFilter } from "../filters.ts";
import { stateBody } from "../states/bodies.ts";
import { bulkOutcomeView, outcomeView, presentOutcome } from "../states/outcome.ts";
import { clientManners } from "./client.ts";

const request = { state: stateBody, force: flag().default(false) };

export const setFlowRunStateRoute = route({
  method: "POST",
  path: "/flow_runs/{id:uuid}/set_state",
  summary: "Set Flow Run State",
  body: members(request),
  responses: { 200: outcomeView, 201: outcomeView },
  async handle({ params, body, headers }, context) {
    const client = clientManners(headers);
    const outcome = await transaction(context, (context, tx) =>
      setFlowRunState(context, tx, params.id, { ...body, client }),
    );
    return { status: outcome.changed ? 201 : 200, body: presentOutcome(outcome) };
  },
});

/** Most runs that one request moves. */
const MOST_AT_ONCE = 50;

export const bulkSetFlowRunStateRoute = route({
  method: "POST",
  path: "/flow_runs/bulk_set_state",
  summary: "Bulk Set Flow Run State",
  body: members({
    ...request,
    flow_runs: flowRunFilter.optional(),
    limit: integer({ ge: 1, le: MOST_AT_ONCE }).default(MOST_AT_ONCE),
  }),
  responses: { 200: z.strictObject({ results: z.array(bulkOutcomeView) }) },
  async handle({ body, headers }, context) {
    const client = clientManners(headers);
    const { state, force, flow_runs, limit } = body;
    const runs = await listFlowRuns(context.store.db, { flow_runs }, "ID_DESC", { limit, offset: 0 });
    const results: z.input<typeof bulkOutcomeView>[] = [];
    // Each in a write of its own: what one run's rules refuse is no matter of the others.
    for (const { id } of runs) {
      const outcome = await transaction(context, (context, tx) =>
        setFlowRunState(context, tx, id, { state, force, client }),
      );
      results.push({ flow_run_id: id, ...presentOutcome(outcome) });
    }
    return { status: 200, body: { results } };
  },
});

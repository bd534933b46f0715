import { z } from "zod";
import { anyJson, flag, text, timestamp, uuid } from "../../http/request/request-types.ts";
import { stateType } from "../filters.ts";

const id = uuid().nullable().optional();
const time = timestamp().nullable().optional();

/** Unknown members are ignored, as in upstream. */
const stateDetails = z.object({
  flow_run_id: id,
  task_run_id: id,
  child_flow_run_id: id,
  scheduled_time: time,
  cache_key: text().nullable().optional(),
  cache_expiration: time,
  deferred: flag().nullable().optional(),
  untrackable_result: flag().optional(),
  pause_timeout: time,
  pause_reschedule: flag().optional(),
  pause_key: text().nullable().optional(),
  run_input_keyset: z.record(z.string(), text()).nullable().optional(),
  refresh_cache: flag().nullable().optional(),
  retriable: flag().nullable().optional(),
  transition_id: id,
  task_parameters_id: id,
  traceparent: text().nullable().optional(),
  deployment_concurrency_lease_id: id,
});

/** A state in a request. */
export const stateBody = z
  .strictObject({
    type: stateType(),
    name: text().nullable().optional(),
    message: text().nullable().optional(),
    data: anyJson().optional(),
    state_details: stateDetails.optional(),
  })
  .meta({ id: "StateCreate" });

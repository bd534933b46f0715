import { z } from "zod";
import { defineResource, field, output } from "../define.ts";
import { adopt, forceDelete } from "./directives.ts";
import { limit, limitName, timestamp, uuid } from "./types.ts";

export const globalConcurrencyLimit = defineResource({
  kind: "GlobalConcurrencyLimit",
  doc: "A global concurrency limit: slots that flows and tasks take by name with `concurrency()` and `rate_limit()`, and that deployments may share. The slots in use are never touched.",
  importId: "the limit's name or its UUID",
  naturalKey: ["name"],
  identity: "concurrencyLimitId",
  fields: {
    name: field(limitName, {
      doc: "Name of the limit, unique on the server. A change renames it in place: its slots and its UUID stay. Must not contain any of `/ % & < >`, start with `tag:` or `deployment:`, or look like a UUID.",
      required: true,
      defaultsToResourceName: true,
    }),
    limit: field(limit, { doc: "Number of slots, 0 or more.", required: true }),
    active: field(z.boolean(), {
      doc: "Whether the limit is enforced.",
      removed: "keep",
      serverDefault: { value: true },
    }),
    slotDecayPerSecond: field(z.number().min(0, { error: "must be 0 or more" }), {
      doc: "How many slots free themselves per second, for rate limits. 0: slots are freed only by whoever took them.",
      removed: "keep",
      serverDefault: { value: 0 },
    }),
  },
  directives: { adopt, forceDelete },
  outputs: {
    concurrencyLimitId: output(uuid, { doc: "UUID of the limit.", apiName: "id" }),
    created: output(timestamp, { doc: "When the server made the limit." }),
  },
});

import { defineResource, field, output } from "../define.ts";
import { adopt } from "./directives.ts";
import { limit, tagName, timestamp, uuid } from "./types.ts";

export const tagConcurrencyLimit = defineResource({
  kind: "TagConcurrencyLimit",
  doc: "A limit on how many task runs with a tag run at once, over all flows.",
  importId: "the tag",
  naturalKey: ["tag"],
  identity: "concurrencyLimitId",
  fields: {
    tag: field(tagName, {
      doc: "The tag. Must not contain any of `/ % & < >`.",
      required: true,
      onChange: "replace",
      defaultsToResourceName: true,
    }),
    concurrencyLimit: field(limit, {
      doc: "Most task runs with the tag at once, 0 or more. A change keeps the slots in use.",
      required: true,
    }),
  },
  directives: { adopt },
  outputs: {
    concurrencyLimitId: output(uuid, { doc: "UUID of the limit.", apiName: "id" }),
    created: output(timestamp, { doc: "When the server made the limit." }),
  },
});

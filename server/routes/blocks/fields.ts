import { z } from "zod";
import { flag, oneOf, text, uuid } from "../../http/request/request-types.ts";
import { anyOf } from "../filters.ts";

const operator = oneOf("and_", "or_").default("and_");
const texts = z.array(text()).nullable().optional();

export const blockTypeFilter = z
  .strictObject({
    name: z.strictObject({ like_: text().nullable().optional() }).nullable().optional(),
    slug: anyOf(text()),
  })
  .meta({ id: "BlockTypeFilter" });

export const blockSchemaFilter = z
  .strictObject({
    operator,
    block_type_id: anyOf(uuid()),
    block_capabilities: z.strictObject({ all_: texts }).nullable().optional(),
    id: anyOf(uuid()),
    version: anyOf(text()),
  })
  .meta({ id: "BlockSchemaFilter" });

export const blockDocumentFilter = z
  .strictObject({
    operator,
    id: anyOf(uuid()),
    is_anonymous: z.strictObject({ eq_: flag().nullable().optional() }).nullable().default({ eq_: false }),
    block_type_id: anyOf(uuid()),
    name: z.strictObject({ any_: texts, like_: text().nullable().optional() }).nullable().optional(),
  })
  .meta({ id: "BlockDocumentFilter" });

/** Lower-case letters, digits and dashes. `what`: the subject of the error message. */
export function dashed(what: string) {
  return text({
    check: (value) =>
      /^[a-z0-9-]*$/.test(value) ? undefined : `${what} must only contain lowercase letters, numbers, and dashes.`,
  });
}

export const secretsQuery = z.object({ include_secrets: flag().default(false) });

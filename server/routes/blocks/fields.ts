import { z } from "zod";
import { flag, text, uuid } from "../../http/request/request-types.ts";
import { anyOf, criteria, listOf, nameLike, operator } from "../filters.ts";

export const blockTypeFilter = z
  .strictObject({
    name: criteria({ like_: text().nullable().optional() }),
    slug: anyOf(text()),
  })
  .meta({ id: "BlockTypeFilter" });

export const blockSchemaFilter = z
  .strictObject({
    operator,
    block_type_id: anyOf(uuid()),
    block_capabilities: criteria({ all_: listOf(text()) }),
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
    name: nameLike,
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

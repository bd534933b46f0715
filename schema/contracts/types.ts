import { z } from "zod";
import type { JsonObject } from "../json.ts";

/** Field types that more than one contract uses. Messages name rules and next steps, never the value. */

const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** The UUID that a text is, as Prefect reads it (any case, with or without hyphens), in the form that Prefect answers. */
export function parseUuid(text: string): string | undefined {
  return UUID.exec(text)?.slice(1).join("-").toLowerCase();
}

/** The server's own rule for names (pools, queues, limits): `^[^/%&><]+$`, and something but blank space. It takes `.` and `..`,
 *  which no path can carry afterwards. */
const name = z
  .string()
  .refine((text) => text.trim() !== "", { error: "must not be empty or blank", params: { rule: "name/blank" } })
  .refine((text) => !/[/%&<>]/.test(text), {
    error: "must not contain any of / % & < >: the server refuses them in names",
    params: { rule: "name/characters" },
  })
  .refine((text) => text !== "." && text !== "..", {
    error: "must not be . or ..: in a URL these are steps in the path, so the object could not be reached",
    params: { rule: "name/characters" },
  });

export const poolName = name.refine((text) => !text.toLowerCase().startsWith("prefect"), {
  error: 'must not start with "prefect" (in any case): the server reserves such pools for itself',
  params: { rule: "name/reserved" },
});

export const queueName = name;

export const limitName = name
  .refine((text) => !text.startsWith("tag:"), {
    error: 'must not start with "tag:": such a limit belongs to a tag; declare a TagConcurrencyLimit instead',
    params: { rule: "name/reserved" },
  })
  .refine((text) => !text.startsWith("deployment:"), {
    error: 'must not start with "deployment:": such a limit belongs to a deployment, and the server manages it',
    params: { rule: "name/reserved" },
  })
  .refine((text) => parseUuid(text) === undefined, {
    error: "must not look like a UUID: the server would read it as an id, and the limit could not be found by name",
    params: { rule: "name/misleading" },
  });

/** A tag of task runs. The server keeps its limit under the name `tag:<tag>`, so the rule for names applies. */
export const tagName = name;

export const uuid = z.uuid();
export const timestamp = z.iso.datetime({ offset: true });

const MOST = 2_147_483_647;
const atMost = { error: `must be at most ${MOST}: the server stores 32-bit integers` };

/** How many at once. The server stores a 32-bit integer. */
export const limit = z
  .int({ error: "must be a whole number" })
  .min(0, { error: "must be 0 or more (0 lets nothing run; leave the line out for no limit)" })
  .max(MOST, atMost);

export const priority = z
  .int({ error: "must be a whole number" })
  .min(1, {
    error:
      "must be 1 or more: Prefect serves priority 1 first, and a higher number later. To put queues in order without numbers, use QueueOrder",
  })
  .max(MOST, atMost);

/** A user's JSON document: an object with any keys. Its keys are never renamed. */
export const document = z.record(z.string(), z.unknown()).meta({ id: "Document" }) as z.ZodType<JsonObject>;

/** Any JSON value of the user's own: text, number, boolean, list or object. With `nullable`, `null` too. */
export const anyJson = z.unknown().meta({ id: "AnyJson" });

export const adoptPolicy = z.enum(["refuse", "ifEqual", "always"]).meta({ id: "AdoptPolicy" });

export const severity = z.enum(["error", "warn", "off"]).meta({ id: "Severity" });

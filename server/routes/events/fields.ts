import { z } from "zod";
import type { Labels, NewEvent } from "../../domain/events/event.ts";
import { document, refuse, requestType, text, timestamp, uuid } from "../../http/request/request-types.ts";

/** Source of the limits: prefect/settings/models/server/events.py. */
const MOST_LABELS = 500;
const MOST_RELATED = 100;
const MOST_NAME = 1024;

/** A label's value. What no database can hold is left out of it: a log line in a label must not cost the event. */
const label = requestType<string>({ type: "string" }, (value) =>
  typeof value === "string"
    ? value.replaceAll("\u0000", "").toWellFormed()
    : refuse("string_type", "Input should be a valid string"),
);

function complaint(text: string) {
  return {
    code: "custom" as const,
    message: `Value error, ${text}`,
    params: { type: "value_error", ctx: { error: {} } },
  };
}

function labels(required: Record<string, { missing: string; empty: string }>) {
  return z.record(z.string(), label).superRefine((resource: Labels, context) => {
    if (Object.keys(resource).length > MOST_LABELS) {
      context.addIssue(complaint(`The maximum number of labels per resource is ${MOST_LABELS}`));
    }
    for (const [name, words] of Object.entries(required)) {
      const value = Object.hasOwn(resource, name) ? resource[name] : undefined;
      if (value === undefined) context.addIssue(complaint(words.missing));
      else if (value === "") context.addIssue(complaint(words.empty));
    }
  });
}

const ID = {
  "prefect.resource.id": {
    missing: "Resources must include the prefect.resource.id label",
    empty: "The prefect.resource.id label must be non-empty",
  },
};
const ID_AND_ROLE = {
  ...ID,
  "prefect.resource.role": {
    missing: "Related Resources must include the prefect.resource.role label",
    empty: "The prefect.resource.role label must be non-empty",
  },
};

/** An event as clients send it. Members that are not known are not looked at. */
export const newEvent = z
  .object({
    occurred: timestamp(),
    event: text({
      check: (name) => (name.length > MOST_NAME ? `Event name must be at most ${MOST_NAME} characters` : undefined),
    }),
    resource: labels(ID),
    related: z
      .array(labels(ID_AND_ROLE))
      .default([])
      .superRefine((related, context) => {
        if (related.length <= MOST_RELATED) return;
        context.addIssue(complaint(`The maximum number of related resources is ${MOST_RELATED}`));
      }),
    payload: document().default({}),
    id: uuid(),
    follows: uuid().nullable().default(null),
  })
  .meta({ id: "Event" }) satisfies z.ZodType<NewEvent>;

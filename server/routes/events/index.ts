import { z } from "zod";
import { whole } from "../../http/request/body.ts";
import { route } from "../../http/route.ts";
import { countEventsByRoute } from "./count-by.ts";
import { newEvent } from "./fields.ts";
import { filterEventsRoute, nextEventsRoute } from "./list.ts";

export const eventRoutes = [
  route({
    method: "POST",
    path: "/events",
    summary: "Create Events",
    body: whole(z.array(newEvent)),
    responses: { 204: null },
    async handle({ body }, { events }) {
      await events.record(body);
      return { status: 204 };
    },
  }),
  filterEventsRoute,
  nextEventsRoute,
  countEventsByRoute,
];

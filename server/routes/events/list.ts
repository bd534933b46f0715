import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import type { Context } from "../../domain/context.ts";
import { members } from "../../http/request/body.ts";
import { integer, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { countEvents, listEvents } from "../../store/queries/events.ts";
import { parseJson, toJson } from "../../values/json.ts";
import { bounded, eventFilterBody, toEventFilter } from "./event-filter.ts";
import { eventPageView, presentEvent } from "./view.ts";

const MOST_PER_PAGE = 50;

/** What the address of a next page carries. */
const pageToken = z.strictObject({
  filter: eventFilterBody,
  /** How many there were on the first page's sight: later pages go by it. */
  count: z.int().min(0),
  page_size: z.int().min(0).max(MOST_PER_PAGE),
  offset: z.int().min(0),
});

type PageToken = z.output<typeof pageToken>;

export const filterEventsRoute = route({
  method: "POST",
  path: "/events/filter",
  summary: "Read Events",
  body: members({
    filter: eventFilterBody.optional(),
    limit: integer({ ge: 0, le: MOST_PER_PAGE }).default(MOST_PER_PAGE),
  }),
  responses: { 200: eventPageView },
  async handle({ body, headers }, context) {
    const filter = bounded(body.filter ?? eventFilterBody.parse({}), context.clock.now());
    const count = await countEvents(context.store.db, toEventFilter(filter));
    const page = { filter, count, page_size: body.limit, offset: 0 };
    return { status: 200, body: await answerPage(context, page, headers.host) };
  },
});

export const nextEventsRoute = route({
  method: "GET",
  path: "/events/filter/next",
  summary: "Read Account Events Page",
  query: z.object({ "page-token": text() }),
  responses: { 200: eventPageView },
  async handle({ query, headers }, context) {
    return { status: 200, body: await answerPage(context, readToken(query["page-token"]), headers.host) };
  },
});

async function answerPage({ store, clock }: Context, page: PageToken, host = "localhost") {
  const { filter, count, page_size, offset } = page;
  const rows = await listEvents(store.db, toEventFilter(bounded(filter, clock.now())), { limit: page_size, offset });
  const next = { ...page, offset: offset + page_size };
  const more = page_size > 0 && next.offset < count;
  return {
    events: rows.map(presentEvent),
    total: count,
    next_page: more ? `http://${host}/api/events/filter/next?page-token=${writeToken(next)}` : null,
  };
}

function writeToken(page: PageToken): string {
  return encodeURIComponent(Buffer.from(toJson(page)).toString("base64"));
}

/** Throws: ApiError `forbidden`, for a token that is not ours. */
function readToken(token: string): PageToken {
  try {
    const page = pageToken.safeParse(parseJson(Buffer.from(token, "base64").toString("utf8")));
    if (page.success) return page.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiError("forbidden", "Forbidden");
}

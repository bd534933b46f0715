import type { Step } from "../step.ts";

const DAY = { since: "2026-03-04T00:00:00Z", until: "2026-03-05T00:00:00Z" };

/** Four events about two resources, a minute apart. */
function event(number: number, changes: object = {}): object {
  return {
    id: `{uuid:e${number}}`,
    occurred: `2026-03-04T10:0${number}:00.000001Z`,
    event: `$e${number}`,
    resource: { "prefect.resource.id": `$r${number % 2}`, "prefect.resource.name": `R${number}`, k: `v${number}` },
    related: [{ "prefect.resource.id": `$x${number}`, "prefect.resource.role": "rel", l: `m${number}` }],
    payload: { p: number },
    ...changes,
  };
}

function list(title: string, filter: object, more: Partial<Step> = {}, limit?: number): Step {
  const body = { filter: { occurred: DAY, ...filter }, ...(limit !== undefined && { limit }) };
  return { title, method: "POST", path: "/events/filter", body, ...more };
}

function count(title: string, by: string, filter: object, more: object = {}): Step {
  const body = { filter: { occurred: DAY, event: { prefix: ["$"] }, ...filter }, ...more };
  return { title, method: "POST", path: `/events/count-by/${by}`, body };
}

function post(title: string, body: unknown): Step {
  return { title, method: "POST", path: "/events", body };
}

const TEXT = { real: 500, ours: 200, why: "text search needs a function that SQLite has only from 3.44 on" };

export const events: Step[] = [
  post("send", [event(0), event(1), event(2), event(3)]),
  post("send one again", [event(0, { event: "$other" })]),
  post("send none", []),
  post("send nothing of an event", [{}]),
  post("send a resource without an id", [event(5, { resource: { a: "b" } })]),
  post("send a resource with an empty id", [event(5, { resource: { "prefect.resource.id": "" } })]),
  post("send a related resource without a role", [event(5, { related: [{ "prefect.resource.id": "x" }] })]),
  post("send a label that is no text", [event(5, { resource: { "prefect.resource.id": "x", b: 1 } })]),
  post("send a long name", [event(5, { event: "x".repeat(1025) })]),
  post("send no list", {}),
  list("list all", { event: { prefix: ["$"] } }, { eventually: { member: "total", value: 4 } }),
  list("list by excluded name, oldest first", { event: { prefix: ["$"], exclude_name: ["$e1"] }, order: "ASC" }),
  list("list by excluded prefix", { event: { prefix: ["$"], exclude_prefix: ["$e1", "$e2"] } }),
  list("list with nulls and an empty list, as clients do", {
    event: { prefix: null, exclude_prefix: null, name: ["$e1"], exclude_name: null },
    resource: null,
    related: null,
    any_resource: null,
    id: { id: [] },
    text: null,
    order: "DESC",
  }),
  list("list by resource", { resource: { id: ["$r0"] } }),
  list("list one of each resource", { resource: { id_prefix: ["$r"], distinct: true } }),
  list("list by labels", { resource: { labels: { k: ["v1", "v2"], "prefect.resource.id": "$*" } } }),
  list("list by a label that must not be", { resource: { labels: { k: "!v1", "prefect.resource.id": "$r1" } } }),
  list("list by a related resource", { related: { id: ["$x1"] } }),
  list("list by a related resource in another role", { related: { id: ["$x1"], role: ["other"] } }),
  list("list by two related resources", {
    related: [{ labels: { l: "m?" } }, { role: ["rel"], id: ["$x2", "$x3"] }],
  }),
  list("list by resources in roles", { related: { resources_in_roles: [["$x3", "rel"]] } }),
  list("list by any resource", { any_resource: { id: ["$x1", "$r0"] } }),
  list("list by any resource's prefix and labels", { any_resource: { id_prefix: ["$x"], labels: { l: "m1" } } }),
  list("list by id", { id: { id: ["{uuid:e2}"] } }),
  list("list by text", { text: { query: "$e1" } }, { knownDifference: TEXT }),
  list("list a page", { event: { prefix: ["$"] } }, { ignore: { members: ["next_page"], why: "tokens differ" } }, 3),
  list(
    "list none of many",
    { event: { prefix: ["$"] } },
    { ignore: { members: ["next_page"], why: "theirs has no end" } },
    0,
  ),
  list("list too many", {}, {}, 51),
  list("list by an unknown criterion", { bad: 1 }),
  list("list without times, as null", { occurred: null }),
  { title: "list without a body", method: "POST", path: "/events/filter", keysOnly: "there are others" },
  { title: "next page without a token", method: "GET", path: "/events/filter/next" },
  { title: "next page with a bad token", method: "GET", path: "/events/filter/next?page-token=x" },
  count("count by event", "event", {}),
  count("count by resource", "resource", {}),
  count("count by day", "day", {}),
  count(
    "count by minute",
    "time",
    { occurred: { since: "2026-03-04T09:59:30Z", until: "2026-03-04T10:03:00Z" } },
    { time_unit: "minute" },
  ),
  count("count by six hours", "time", {}, { time_unit: "hour", time_interval: 6 }),
  count("count by week", "time", {}, { time_unit: "week" }),
  count("count by second", "time", {}, { time_unit: "second" }),
  count("count by no time", "time", {}, { time_interval: 0 }),
  count("count by something else", "nothing", {}),
  { title: "count without a filter", method: "POST", path: "/events/count-by/day", body: {} },
];

import type { Step } from "../step.ts";

const NOWHERE = "00000000-0000-4000-8000-000000000000";
const path = "/deployments/{d}/schedules";
const daily = { cron: "0 9 * * *" };

function add(title: string, schedule: unknown, more: object = {}, step: Partial<Step> = {}): Step {
  return { title, method: "POST", path, body: [{ schedule, ...more }], ...step };
}

function change(title: string, body: object, step: Partial<Step> = {}): Step {
  return { title, method: "PATCH", path: `${path}/{s}`, body, ...step };
}

function patch(title: string, schedules: unknown): Step {
  return { title, method: "PATCH", path: "/deployments/{d}", body: { schedules } };
}

const list = (title: string): Step => ({ title, method: "GET", path });

const zones = { members: ["msg", "ctx", "type"], why: "theirs shows a pattern of all zones" };

export const deploymentSchedules: Step[] = [
  { title: "a flow", method: "POST", path: "/flows/", body: { name: "$f" }, keep: { f: "id" } },
  {
    title: "a deployment",
    method: "POST",
    path: "/deployments/",
    body: { name: "$d", flow_id: "{f}" },
    keep: { d: "id" },
  },
  add("a cron schedule", daily),
  add("a cron schedule with all", { cron: "@daily", timezone: "Europe/Berlin", day_or: false }),
  add("a cron schedule in no zone", { cron: "@daily", timezone: "" }),
  add("an interval", { interval: 60 }),
  add("an interval in words", { interval: "PT1H30M", anchor_date: "2026-01-01" }),
  add("an interval with an offset", { interval: 0.5, anchor_date: "2026-01-01T00:00:00.25-05:00", timezone: null }),
  add("an interval in a zone", { interval: 60, anchor_date: "2026-01-01 00:00:00", timezone: "America/New_York" }),
  add("a rule", { rrule: "FREQ=DAILY;COUNT=3" }),
  add("a rule with a start", { rrule: "DTSTART:20260101T000000\nRRULE:FREQ=HOURLY", timezone: "Asia/Kolkata" }),
  add("a rule in no zone", { rrule: "RRULE:FREQ=WEEKLY;BYDAY=MO", timezone: null }),
  add("an empty list", daily, {}, { body: [] }),
  add("not a list", daily, {}, { body: {} }),
  add("no schedule", undefined),
  add("a null schedule", null),
  add("a text", "x"),
  add("an empty schedule", {}),
  add("cron and interval", { cron: "@daily", interval: 60 }),
  add("a bad cron expression", { cron: "61 * * * *" }),
  add("a random cron expression", { cron: "R R * * *" }),
  add("a hashed cron expression", { cron: "H H * * *" }),
  add("an unknown zone", { cron: "@daily", timezone: "X/Y" }, {}, { ignore: zones }),
  add("an interval of nothing", { interval: 0 }),
  add("a negative interval", { interval: -1 }),
  add("an interval of no type", { interval: null }),
  add("a bad anchor", { interval: 60, anchor_date: "soon" }),
  add("a bad rule", { rrule: "FREQ=NEVER" }),
  add(
    "a rule without a frequency",
    { rrule: "COUNT=1" },
    {},
    { knownDifference: { real: 500, ours: 422, why: "theirs fails" } },
  ),
  add("a null day_or", { cron: "@daily", day_or: null }),
  add("wrong members", daily, { active: "x", max_scheduled_runs: 51, parameters: [], slug: 1, more: 2 }),
  add("too few runs", daily, { max_scheduled_runs: 0 }),
  {
    title: "add everywhere wrong",
    method: "POST",
    path: `/deployments/${NOWHERE}/schedules`,
    body: [{ schedule: daily }],
  },
  { title: "list nowhere", method: "GET", path: `/deployments/${NOWHERE}/schedules` },
  patch("take their place", [
    { schedule: daily, slug: "a", parameters: { x: 1 }, max_scheduled_runs: 2 },
    { schedule: { interval: 60, anchor_date: "2026-01-01T00:00:00Z" }, slug: "b", active: false },
    { slug: "without" },
  ]),
  list("list the new ones"),
  add("a slug twice", daily, { slug: "a" }),
  add(
    "the same slug twice",
    daily,
    {},
    {
      body: [
        { schedule: daily, slug: "z" },
        { schedule: daily, slug: "z" },
      ],
    },
  ),
  patch("change one by its slug", [{ slug: "a", active: false }]),
  list("list after one was changed"),
  patch("change one and add one", [
    { slug: "b", parameters: { y: 1 }, max_scheduled_runs: 3 },
    { slug: "c", schedule: daily },
  ]),
  list("list after one was added"),
  patch("give none", []),
  list("list after none was given"),
  patch("add one without a schedule", [{ slug: "d" }]),
  patch("give one without a slug", [{ schedule: daily }]),
  patch("rename one", [{ slug: "e", replaces: "c" }]),
  patch("exchange two", [
    { slug: "a", replaces: "b" },
    { slug: "b", replaces: "a" },
  ]),
  list("list after renaming"),
  patch("rename onto another", [{ slug: "a", replaces: "e" }]),
  patch("rename one twice", [
    { slug: "x", replaces: "e" },
    { slug: "y", replaces: "e" },
  ]),
  patch("rename one that is not there", [{ slug: "g", replaces: "none", schedule: daily }]),
  patch("rename one that is not there without a schedule", [{ slug: "h", replaces: "none" }]),
  list("list after all that"),
  {
    title: "put it again",
    method: "POST",
    path: "/deployments/",
    body: { name: "$d", flow_id: "{f}", schedules: [{ schedule: daily, slug: "k", max_scheduled_runs: 2 }] },
  },
  {
    title: "put it with a slug twice",
    method: "POST",
    path: "/deployments/",
    body: {
      name: "$d",
      flow_id: "{f}",
      schedules: [
        { schedule: daily, slug: "k" },
        { schedule: daily, slug: "k" },
      ],
    },
  },
  list("list after it was refused"),
  {
    title: "put it without schedules",
    method: "POST",
    path: "/deployments/",
    body: { name: "$d", flow_id: "{f}" },
  },
  {
    title: "another deployment",
    method: "POST",
    path: "/deployments/",
    body: { name: "$e", flow_id: "{f}", paused: true },
    keep: { e: "id" },
  },
  change("change none", { active: true }, { path: `${path}/${NOWHERE}` }),
  change("change nowhere", { active: true }, { path: `/deployments/${NOWHERE}/schedules/${NOWHERE}` }),
  { title: "delete none", method: "DELETE", path: `${path}/${NOWHERE}` },
  { title: "delete nowhere", method: "DELETE", path: `/deployments/${NOWHERE}/schedules/${NOWHERE}` },
  { title: "delete", method: "DELETE", path: "/deployments/{d}" },
  { title: "delete the other", method: "DELETE", path: "/deployments/{e}" },
];

import type { Step } from "../step.ts";

const workers = "/work_pools/$w/workers";

export const workerSteps: Step[] = [
  { title: "create a pool", method: "POST", path: "/work_pools/", body: { name: "$w", type: "process" } },
  { title: "heartbeat", method: "POST", path: `${workers}/heartbeat`, body: { name: "$1" } },
  {
    title: "heartbeat with an interval",
    method: "POST",
    path: `${workers}/heartbeat`,
    body: { name: "$2", heartbeat_interval_seconds: 10 },
  },
  {
    title: "heartbeat with null",
    method: "POST",
    path: `${workers}/heartbeat`,
    body: { name: "$2", heartbeat_interval_seconds: null },
  },
  { title: "heartbeat without a name", method: "POST", path: `${workers}/heartbeat`, body: {} },
  { title: "heartbeat with a null name", method: "POST", path: `${workers}/heartbeat`, body: { name: null } },
  {
    title: "heartbeat with wrong types",
    method: "POST",
    path: `${workers}/heartbeat`,
    body: { name: 1, heartbeat_interval_seconds: "x" },
  },
  { title: "heartbeat with no body", method: "POST", path: `${workers}/heartbeat` },
  { title: "heartbeat nowhere", method: "POST", path: "/work_pools/$none/workers/heartbeat", body: { name: "x" } },
  { title: "read the served pool", method: "GET", path: "/work_pools/$w" },
  { title: "list", method: "POST", path: `${workers}/filter`, body: {} },
  {
    title: "list the online",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { status: { any_: ["ONLINE"] } } },
  },
  {
    title: "list the offline",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { status: { any_: ["OFFLINE"] } } },
  },
  {
    title: "list all but the online",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { status: { not_any_: ["ONLINE"] } } },
  },
  {
    title: "list the heard of",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { last_heartbeat_time: { after_: "2020-01-01T00:00:00Z" } } },
  },
  {
    title: "list the long unheard of",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { last_heartbeat_time: { before_: "2020-01-01T00:00:00Z" } } },
  },
  {
    title: "list a wrong status",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { status: { any_: ["BUSY"] } } },
  },
  {
    title: "list a wrong time",
    method: "POST",
    path: `${workers}/filter`,
    body: { workers: { last_heartbeat_time: { after_: "yesterday" } } },
    ignore: { members: ["msg", "ctx", "type"], why: "pydantic has a kind of error for each letter of a date" },
  },
  { title: "list nowhere", method: "POST", path: "/work_pools/$none/workers/filter", body: {} },
  { title: "pause the pool", method: "PATCH", path: "/work_pools/$w", body: { is_paused: true } },
  { title: "heartbeat in the paused pool", method: "POST", path: `${workers}/heartbeat`, body: { name: "$1" } },
  { title: "read the paused pool", method: "GET", path: "/work_pools/$w" },
  { title: "resume the pool", method: "PATCH", path: "/work_pools/$w", body: { is_paused: false } },
  { title: "read the resumed pool", method: "GET", path: "/work_pools/$w" },
  { title: "delete", method: "DELETE", path: `${workers}/$1` },
  { title: "delete again", method: "DELETE", path: `${workers}/$1` },
  { title: "delete nowhere", method: "DELETE", path: "/work_pools/$none/workers/x" },
];

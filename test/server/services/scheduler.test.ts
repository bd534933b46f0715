import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import type { Store } from "../../../server/index.ts";
import { scheduler } from "../../../server/services/scheduler.ts";
import { type Api, apiOn, START } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Run {
  id: string;
  name: string;
  expected_start_time: string;
  parameters: Record<string, unknown>;
  [field: string]: unknown;
}

const anchor_date = START;
const every = (interval: number) => ({ schedule: { interval, anchor_date } });

onEachStore("the scheduler", (store) => {
  let count = 0;

  /** A deployment of its own flow, and what drives it. */
  async function world(fields: object = {}) {
    count += 1;
    const api = apiOn(store());
    const { body: flow } = await api.post("/flows/", { name: `flow-${count}` });
    const flow_id = (flow as { id: string }).id;
    const { body } = await api.post("/deployments/", { name: "d", flow_id, ...fields });
    const { id } = body as { id: string };
    const pass = (on: Store = store()) => scheduler.run(createContext({ store: on, clock: api.clock }));
    return { api, id, flow_id, pass, path: `/deployments/${id}` };
  }

  async function runsOf(api: Api, id: string): Promise<Run[]> {
    const { body } = await api.post("/flow_runs/filter", {
      flow_runs: { deployment_id: { any_: [id] } },
      sort: "EXPECTED_START_TIME_ASC",
    });
    return body;
  }

  const startsOf = async (api: Api, id: string) =>
    (await runsOf(api, id)).map((run) => run.expected_start_time.slice(0, 16));

  it("makes the next runs of a schedule, just as Prefect does", async () => {
    const { api, id, pass } = await world({
      tags: ["t"],
      labels: { l: 1 },
      version: "v",
      parameters: { a: 1, b: 1 },
      schedules: [
        { schedule: { cron: "0 9 * * *", timezone: "America/New_York" }, slug: "morning", parameters: { b: 2 } },
      ],
    });
    await pass();
    const runs = await runsOf(api, id);
    expect(runs.map((run) => run.expected_start_time)).toEqual([
      "2026-11-21T14:00:00.000000Z",
      "2026-11-22T14:00:00.000000Z",
      "2026-11-23T14:00:00.000000Z",
    ]);
    const [first] = runs as [Run];
    const { body: deployment } = await api.get(`/deployments/${id}`);
    const { schedules, flow_id } = deployment as { schedules: { id: string }[]; flow_id: string };
    const schedule = schedules[0]?.id;
    expect(first).toMatchObject({
      state_type: "SCHEDULED",
      state_name: "Scheduled",
      auto_scheduled: true,
      run_count: 0,
      tags: ["auto-scheduled", "t"],
      parameters: { a: 1, b: 2 },
      labels: { l: 1, "prefect.flow.id": flow_id, "prefect.deployment.id": id },
      deployment_version: "v",
      job_variables: {},
      context: {},
      idempotency_key: `scheduled ${id} ${schedule} 2026-11-21 09:00:00-05:00`,
      created_by: { id: schedule, type: "SCHEDULE", display_value: "morning" },
      next_scheduled_start_time: "2026-11-21T14:00:00.000000Z",
      state: { message: "Flow run scheduled", state_details: { scheduled_time: "2026-11-21T14:00:00.000000Z" } },
    });
    expect(first.id[14]).toBe("7");
  });

  it("names the kind of a schedule that has no slug", async () => {
    const { api, id, pass } = await world({ schedules: [every(86_400)] });
    await pass();
    expect((await runsOf(api, id))[0]?.created_by).toMatchObject({ display_value: "IntervalSchedule" });
  });

  it("makes three runs and an hour's worth, and no more than a hundred at once", async () => {
    const hourly = await world({ schedules: [every(900)] });
    const crowded = await world({ schedules: [every(10)] });
    await hourly.pass();
    expect(await startsOf(hourly.api, hourly.id)).toHaveLength(5);
    const { body } = await crowded.api.post("/flow_runs/count", {
      flow_runs: { deployment_id: { any_: [crowded.id] } },
    });
    expect(body).toBe(100);
  });

  it("goes on when runs get few, without making any twice", async () => {
    const { api, id, pass } = await world({ schedules: [every(86_400)] });
    await pass();
    const before = await runsOf(api, id);
    await pass();
    expect(await runsOf(api, id)).toEqual(before);
    api.clock.advance(86_401);
    await pass();
    const after = await runsOf(api, id);
    expect(after.slice(0, 3).map((run) => run.id)).toEqual(before.map((run) => run.id));
    expect(after).toHaveLength(5);
  });

  it("writes nothing when nothing is due, however many schedules there are", async () => {
    const { api, id, pass } = await world({ schedules: [every(86_400), every(3600), every(900)] });
    await pass();
    let writes = 0;
    const counting: Store = {
      ...store(),
      write: (work) => {
        writes += 1;
        return store().write(work);
      },
    };
    await pass(counting);
    expect(writes).toBe(0);
    await api.patch(`/deployments/${id}`, { description: "d" });
    await pass(counting);
    expect(writes).toBe(1);
  });

  it("makes nothing up for the time that has passed", async () => {
    const { api, id, pass } = await world({ schedules: [every(86_400)] });
    api.clock.advance(10 * 86_400 + 60);
    await pass();
    expect(await startsOf(api, id)).toEqual(["2026-12-02T12:00", "2026-12-03T12:00", "2026-12-04T12:00"]);
  });

  it("leaves paused deployments and inactive schedules alone", async () => {
    const { api, id, pass, path } = await world({
      schedules: [every(86_400), { ...every(3600), active: false }],
      paused: true,
    });
    await pass();
    expect(await startsOf(api, id)).toEqual([]);
    await api.post(`${path}/resume_deployment`);
    await pass();
    expect(await startsOf(api, id)).toHaveLength(3);
    await api.post(`${path}/pause_deployment`);
    await pass();
    expect(await startsOf(api, id)).toEqual([]);
  });

  it("makes the coming runs anew when the deployment changes, and keeps those that somebody asked for", async () => {
    const { api, id, pass, path } = await world({ parameters: { a: 1 }, schedules: [every(86_400)] });
    await api.post(`${path}/create_flow_run`, {
      name: "mine",
      state: { type: "SCHEDULED", state_details: { scheduled_time: "2027-01-01T00:00:00Z" } },
    });
    await pass();
    const before = new Set((await runsOf(api, id)).map((run) => run.id));
    await api.patch(path, { parameters: { a: 2 } });
    expect((await runsOf(api, id)).map((run) => run.name)).toContain("mine");
    await pass();
    const after = (await runsOf(api, id)).filter((run) => run.name !== "mine");
    // The run that was for this very moment stays: it may be on its way already.
    expect(after.map((run) => [run.parameters.a, before.has(run.id)])).toEqual([
      [1, true],
      [2, false],
      [2, false],
    ]);
  });

  it("takes the coming runs away as soon as a schedule changes", async () => {
    const { api, id, pass, path } = await world({
      schedules: [
        { ...every(86_400), slug: "days" },
        { ...every(3600), slug: "hours" },
      ],
    });
    await pass();
    api.clock.advance(1);
    const { body } = await api.get(`${path}/schedules`);
    const hours = (body as { id: string; slug: string }[]).find(({ slug }) => slug === "hours")?.id;
    await api.patch(`${path}/schedules/${hours}`, { active: false });
    expect(await startsOf(api, id)).toEqual(["2026-11-21T12:00", "2026-11-21T12:00"]);
    await pass();
    expect((await startsOf(api, id)).slice(2)).toEqual(["2026-11-22T12:00", "2026-11-23T12:00", "2026-11-24T12:00"]);
    await api.delete(`${path}/schedules/${hours}`);
    expect(await startsOf(api, id)).toEqual([]);
  });

  it("does not make a cancelled run again", async () => {
    const { api, id, pass, path } = await world({ schedules: [every(86_400)] });
    await pass();
    const second = (await runsOf(api, id))[1] as Run;
    await api.post(`/flow_runs/${second.id}/set_state`, { state: { type: "CANCELLED" }, force: true });
    await api.patch(path, { description: "new" });
    await pass();
    const same = (await runsOf(api, id)).filter((run) => run.expected_start_time === second.expected_start_time);
    expect(same.map((run) => [run.id, run.state_type])).toEqual([[second.id, "CANCELLED"]]);
  });

  it("waits for a run that is years away, and forgets a rule that has ended", async () => {
    const yearly = await world({ schedules: [{ schedule: { cron: "0 0 1 6 *" } }] });
    const ended = await world({ schedules: [{ schedule: { rrule: "DTSTART:20260101T000000\nFREQ=DAILY;COUNT=3" } }] });
    await yearly.pass();
    expect(await startsOf(yearly.api, yearly.id)).toEqual([]);
    const due = await store().db.selectFrom("deployment_schedule").select(["deployment_id", "due"]).execute();
    const dueOf = new Map(due.map((row) => [row.deployment_id, row.due]));
    // Nothing is put off for longer than a day.
    expect(dueOf.get(yearly.id)).toBe("2026-11-22T12:00:00.000000Z");
    expect(dueOf.get(ended.id)).toBeNull();
    yearly.api.clock.advance(93 * 86_400);
    await yearly.pass();
    expect(await startsOf(yearly.api, yearly.id)).toEqual(["2027-06-01T00:00"]);
  });

  it("goes on when a clock that was years ahead is set right", async () => {
    const { api, id, pass } = await world({ schedules: [every(3600)] });
    await pass();
    const years = 5 * 365 * 86_400;
    api.clock.advance(years);
    await pass();
    api.clock.advance(-years + 2 * 3600);
    await pass();
    expect((await startsOf(api, id)).slice(0, 5)).toEqual([
      "2026-11-21T12:00",
      "2026-11-21T13:00",
      "2026-11-21T14:00",
      "2026-11-21T15:00",
      "2026-11-21T16:00",
    ]);
  });

  it("makes the runs of others when one deployment's schedule can't be read", async () => {
    const bad = await world({ schedules: [every(86_400)] });
    await store().write(async (tx) => {
      await tx
        .updateTable("deployment_schedule")
        .set({ schedule: '{"cron":"nonsense","timezone":null,"day_or":true}' })
        .where("deployment_id", "=", bad.id)
        .execute();
    });
    const good = await world({ schedules: [every(86_400)] });
    await good.pass();
    expect(await startsOf(bad.api, bad.id)).toEqual([]);
    expect(await startsOf(good.api, good.id)).toHaveLength(3);
  });

  it("never brings back what a schedule was before, however passes and changes meet", async () => {
    const { api, id, pass, path } = await world({ parameters: { n: 0 }, schedules: [every(900)] });
    api.clock.advance(1);
    for (let n = 1; n <= 8; n++) {
      await Promise.all([pass(), api.patch(path, { parameters: { n } }), pass(), pass()]);
    }
    const stale = (await runsOf(api, id)).filter((run) => run.parameters.n !== 8);
    expect(stale).toEqual([]);
    await pass();
    expect(await startsOf(api, id)).toHaveLength(5);
  });

  it("gives way to who asks for runs of a span by itself", async () => {
    const { api, id, path } = await world({ schedules: [every(3600), { ...every(60), active: false }], paused: true });
    const span = { start_time: "2026-01-01T00:30:00Z", end_time: "2026-01-01T03:00:00Z" };
    expect((await api.post(`${path}/schedule`, span)).body).toBeNull();
    expect(await startsOf(api, id)).toEqual(["2026-01-01T01:00", "2026-01-01T02:00", "2026-01-01T03:00"]);
    await api.post(`${path}/schedule`, { start_time: "2026-02-01T00:00:00Z", min_time: 0, min_runs: 1, max_runs: 9 });
    expect(await startsOf(api, id)).toHaveLength(4);
    await api.post(`${path}/schedule`, { max_runs: 1_000_000, min_runs: 1_000_000, end_time: "2999-01-01T00:00:00Z" });
    expect((await api.post("/flow_runs/count", { flow_runs: { deployment_id: { any_: [id] } } })).body).toBe(1004);
  });
});

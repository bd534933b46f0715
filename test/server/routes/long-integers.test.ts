import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

const BIG = "12345678901234567890";
/** 2^53 + 1, the first that JavaScript rounds, to the neighbour below. */
const FIRST = "9007199254740993";
const ID = "11111111-2222-4333-8444-555555555555";

/** Ids of rows are long, and a run that looks for another row than its caller meant does harm. */
onEachStore("integers that JavaScript rounds", (store) => {
  async function asked(method: "GET" | "POST" | "PATCH", path: string, payload?: string) {
    const answer = await apiOn(store()).app.inject({
      method,
      url: `/api${path}`,
      ...(payload !== undefined && { payload, headers: { "content-type": "application/json" } }),
    });
    expect([path, answer.statusCode, answer.body]).toEqual([path, expect.toSatisfy(isFine), answer.body]);
    return answer.body === "" ? undefined : answer.body;
  }
  const isFine = (status: number) => status < 300;
  const idOf = (body: string | undefined) => (JSON.parse(body ?? "") as { id: string }).id;

  it("stay what they are in parameters and job variables, on their way from a deployment to its runs", async () => {
    const template = `{"job_configuration":{"row":"{{ row }}"},"variables":{"properties":{"row":{"type":"integer","default":${BIG}}}}}`;
    const pool = await asked("POST", "/work_pools/", `{"name":"p","type":"process","base_job_template":${template}}`);
    expect(pool).toContain(`"default":${BIG}`);
    const flow = idOf(await asked("POST", "/flows/", '{"name":"f"}'));
    const schema = `{"type":"object","properties":{"a":{"type":"integer","minimum":${FIRST}},"b":{"type":"array"}}}`;
    const deployment = await asked(
      "POST",
      "/deployments/",
      `{"name":"d","flow_id":"${flow}","work_pool_name":"p","parameter_openapi_schema":${schema},"parameters":{"a":${BIG}},"job_variables":{"row":${FIRST}},
        "schedules":[{"schedule":{"interval":3600},"parameters":{"b":[${FIRST}]}}]}`,
    );
    expect(deployment).toContain(`"parameters":{"a":${BIG}}`);
    expect(deployment).toContain(`"job_variables":{"row":${FIRST}}`);
    const path = `/deployments/${idOf(deployment)}`;
    const variable = `{"__prefect_kind":"json","value":"${BIG}"}`;
    const run = await asked(
      "POST",
      `${path}/create_flow_run`,
      `{"parameters":{"b":[${FIRST},${variable}]},"job_variables":{"row":-${BIG}},"context":{"c":${BIG}}}`,
    );
    expect(run).toContain(`"parameters":{"a":${BIG},"b":[${FIRST},${BIG}]}`);
    const seen = await asked("GET", `/flow_runs/${idOf(run)}`);
    expect(seen).toContain(`"job_variables":{"row":-${BIG}}`);
    expect(seen).toContain(`"context":{"c":${BIG}}`);
    const times = '"start_time":"2026-11-21T12:00:00Z","end_time":"2026-11-21T13:00:00Z"';
    await asked("POST", `${path}/schedule`, `{${times},"min_runs":1,"max_runs":1}`);
    const planned = await asked("POST", "/flow_runs/filter", '{"flow_runs":{"tags":{"all_":["auto-scheduled"]}}}');
    expect(planned).toContain(`"parameters":{"a":${BIG},"b":[${FIRST}]}`);
    await asked("PATCH", path, `{"parameters":{"a":${FIRST}}}`);
    expect(await asked("GET", path)).toContain(`"parameters":{"a":${FIRST}}`);
  });

  it("stay what they are in variables, labels, states, artifacts, blocks, logs of events and saved searches", async () => {
    await asked("POST", "/variables/", `{"name":"row","value":{"id":${BIG}}}`);
    await asked("POST", "/variables/", `{"name":"plain","value":${BIG}}`);
    expect(await asked("GET", "/variables/name/row")).toContain(`"value":{"id":${BIG}}`);
    expect(await asked("GET", "/variables/name/plain")).toContain(`"value":${BIG}`);

    const flow = idOf(await asked("POST", "/flows/", '{"name":"f"}'));
    const run = idOf(
      await asked("POST", "/flow_runs/", `{"flow_id":"${flow}","labels":{"row":${BIG}},"parameters":{"x":${BIG}}}`),
    );
    await asked("PATCH", `/flow_runs/${run}/labels`, `{"other":${FIRST}}`);
    await asked("POST", `/flow_runs/${run}/set_state`, `{"state":{"type":"COMPLETED","data":{"rows":[${BIG}]}}}`);
    const seen = await asked("GET", `/flow_runs/${run}`);
    expect(seen).toContain(`"row":${BIG}`);
    expect(seen).toContain(`"other":${FIRST}`);
    expect(await asked("GET", `/flow_run_states/?flow_run_id=${run}`)).toContain(`"data":{"rows":[${BIG}]}`);

    const artifact = idOf(await asked("POST", "/artifacts/", `{"key":"k","type":"table","data":[{"id":${BIG}}]}`));
    expect(await asked("GET", `/artifacts/${artifact}`)).toContain(`[{"id":${BIG}}]`);

    const event = `{"event":"e","occurred":"2026-11-21T12:00:00Z","id":"${ID}","resource":{"prefect.resource.id":"r"},"payload":{"id":${BIG}}}`;
    await asked("POST", "/events", `[${event}]`);
    expect(await asked("POST", "/events/filter", "{}")).toContain(`"payload":{"id":${BIG}}`);

    const type = idOf(await asked("POST", "/block_types/", '{"name":"Row","slug":"row"}'));
    const fields = `{"type":"object","properties":{"id":{"type":"integer","default":${FIRST}}}}`;
    const made = await asked("POST", "/block_schemas/", `{"block_type_id":"${type}","fields":${fields}}`);
    expect(made).toContain(`"default":${FIRST}`);
    const ids = `"block_type_id":"${type}","block_schema_id":"${idOf(made)}"`;
    const block = idOf(await asked("POST", "/block_documents/", `{"name":"row",${ids},"data":{"id":${BIG}}}`));
    await asked("PATCH", `/block_documents/${block}`, `{"data":{"other":${FIRST}}}`);
    expect(await asked("GET", `/block_documents/${block}`)).toContain(`"data":{"id":${BIG},"other":${FIRST}}`);
  });

  it("are judged as the numbers that they are nearly, and refused where the server keeps small ones", async () => {
    const { app } = apiOn(store());
    const answer = await app.inject({
      method: "POST",
      url: "/api/work_pools/",
      headers: { "content-type": "application/json" },
      payload: `{"name":"p","type":"process","concurrency_limit":${BIG},"description":${BIG}}`,
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain("must fit into 32 bits");
    expect(answer.body).toContain("Input should be a valid string");
    // What was sent is shown as it was sent.
    expect(answer.body).toContain(`"concurrency_limit":${BIG}`);
  });
});

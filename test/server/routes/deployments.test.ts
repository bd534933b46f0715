import { expect, it } from "vitest";
import { type Api, apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Known {
  id: string;
  name: string;
  work_queue_id: string | null;
  global_concurrency_limit: { name: string; limit: number } | null;
}

/** What is not in the table of answers that is compared with Prefect's: races, and what becomes of other objects. */
onEachStore("deployments", (store) => {
  let count = 0;

  async function world(): Promise<{ api: Api; flow_id: string; prefix: string }> {
    count += 1;
    const api = apiOn(store());
    const { body } = await api.post("/flows/", { name: `f${count}` });
    return { api, flow_id: (body as Known).id, prefix: `w${count}` };
  }

  it("are made once when many ask for the same at once", async () => {
    const { api, flow_id } = await world();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => api.post("/deployments/", { name: "d", flow_id, version: `${index}` })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(15).fill(200), 201]);
    expect(new Set(answers.map((answer) => (answer.body as Known).id)).size).toBe(1);
  });

  it("make a missing queue once when many name it at once", async () => {
    const { api, flow_id, prefix } = await world();
    await api.post("/work_pools/", { name: prefix, type: "process" });
    const place = { work_pool_name: prefix, work_queue_name: "new" };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => api.post("/deployments/", { name: `d${index}`, flow_id, ...place })),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(12).fill(201));
    expect(new Set(answers.map((answer) => (answer.body as Known).work_queue_id)).size).toBe(1);
  });

  it("take a queue of the agents' pool when they name no pool, and make both", async () => {
    const { api, flow_id, prefix } = await world();
    const { body } = await api.post("/deployments/", { name: "d", flow_id, work_queue_name: `${prefix}-q` });
    expect(body).toMatchObject({ work_pool_name: "default-agent-pool", work_queue_name: `${prefix}-q` });
  });

  it("survive their pool, and lose only their place", async () => {
    const { api, flow_id, prefix } = await world();
    await api.post("/work_pools/", { name: prefix, type: "process" });
    const place = { work_pool_name: prefix, work_queue_name: "q" };
    const { body: made } = await api.post("/deployments/", { name: "d", flow_id, ...place });
    await api.delete(`/work_pools/${prefix}`);
    const { body } = await api.get(`/deployments/${(made as Known).id}`);
    expect(body).toMatchObject({ work_queue_id: null, work_pool_name: null, work_queue_name: "q" });
  });

  it("lose a limit that is deleted behind their back, and stay", async () => {
    const { api, flow_id, prefix } = await world();
    const { body: limit } = await api.post("/v2/concurrency_limits/", { name: prefix, limit: 2 });
    const shared = { global_concurrency_limit_id: (limit as Known).id };
    const { body: made } = await api.post("/deployments/", { name: "d", flow_id, ...shared });
    expect((made as Known).global_concurrency_limit).toMatchObject({ name: prefix, limit: 2 });
    await api.delete(`/v2/concurrency_limits/${prefix}`);
    const { body } = await api.get(`/deployments/${(made as Known).id}`);
    expect((body as Known).global_concurrency_limit).toBeNull();
  });

  it("take their waiting runs along when they go, and leave the others", async () => {
    const { api, flow_id } = await world();
    const { body: made } = await api.post("/deployments/", { name: "d", flow_id });
    const path = `/deployments/${(made as Known).id}`;
    await api.post(`${path}/create_flow_run`, { name: "waits" });
    await api.post(`${path}/create_flow_run`, { name: "runs", state: { type: "RUNNING" } });
    await api.post(`${path}/create_flow_run`, { name: "is over", state: { type: "CANCELLED" } });
    const { body: deleted } = await api.post("/deployments/bulk_delete", {
      deployments: { id: { any_: [(made as Known).id] } },
    });
    expect(deleted).toEqual({ deleted: [(made as Known).id] });
    const { body } = await api.post("/flow_runs/filter", { flows: { id: { any_: [flow_id] } }, sort: "NAME_ASC" });
    expect((body as Known[]).map((run) => run.name)).toEqual(["is over", "runs"]);
    expect((await api.get(path)).status).toBe(404);
  });

  it("keep nothing of a request that is refused half way", async () => {
    const { api, flow_id, prefix } = await world();
    await api.post("/work_pools/", { name: prefix, type: "process" });
    const slug = { schedule: { cron: "@daily" }, slug: "s" };
    const refused = await api.post("/deployments/", {
      name: "d",
      flow_id,
      work_pool_name: prefix,
      work_queue_name: "half",
      concurrency_limit: 3,
      schedules: [slug, slug],
    });
    expect(refused.status).toBe(409);
    expect((await api.get(`/deployments/name/f${count}/d`)).status).toBe(404);
    expect((await api.get(`/work_pools/${prefix}/queues/half`)).status).toBe(404);
    const { body } = await api.post("/v2/concurrency_limits/filter", {});
    expect((body as Known[]).filter((limit) => limit.name.startsWith("deployment:"))).toEqual([]);
  });

  it("are found by the page when there are many", async () => {
    const { api, flow_id } = await world();
    const names = Array.from({ length: 25 }, (_, index) => `d${String(index).padStart(2, "0")}`);
    await Promise.all(names.map((name) => api.post("/deployments/", { name, flow_id })));
    const flows = { id: { any_: [flow_id] } };
    const pages: string[] = [];
    for (let page = 1; page <= 3; page++) {
      const { body } = await api.post("/deployments/paginate", { flows, limit: 10, page });
      expect(body).toMatchObject({ count: 25, pages: 3, page, limit: 10 });
      pages.push(...(body as { results: Known[] }).results.map((deployment) => deployment.name));
    }
    expect(pages).toEqual(names);
  });

  it("refuse Jinja that they would not render as Prefect does", async () => {
    const { api, flow_id } = await world();
    const { body: made } = await api.post("/deployments/", { name: "d", flow_id });
    for (const template of ["{{ 1 + 1 }}", "{% if x %}y{% endif %}", "{{ now() }}", "{{ 'a' | upper }}", "{{ open"]) {
      const parameters = { a: { __prefect_kind: "jinja", template } };
      const { status } = await api.post(`/deployments/${(made as Known).id}/create_flow_run`, { parameters });
      expect([template, status]).toEqual([template, 400]);
    }
  });

  it("take blocks that exist, and no others", async () => {
    const { api, flow_id, prefix } = await world();
    const type = (await api.post("/block_types/", { name: prefix, slug: prefix })).body as Known;
    const of = { block_type_id: type.id, fields: {}, capabilities: [] };
    const schema = (await api.post("/block_schemas/", of)).body as Known;
    const document = { name: "d", data: {}, block_type_id: type.id, block_schema_id: schema.id };
    const { id } = (await api.post("/block_documents/", document)).body as Known;
    for (const member of ["storage_document_id", "infrastructure_document_id"]) {
      const made = await api.post("/deployments/", { name: member, flow_id, [member]: id });
      expect(made).toMatchObject({ status: 201, body: { [member]: id } });
      expect((await api.post("/deployments/", { name: member, flow_id, [member]: flow_id })).status).toBe(409);
    }
  });

  it("keep users' keys that mean something to JavaScript", async () => {
    const { api, flow_id } = await world();
    const parameters = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": {"y": [null]}}') as object;
    const { body: made } = await api.post("/deployments/", { name: "d", flow_id, parameters });
    const { body: run } = await api.post(`/deployments/${(made as Known).id}/create_flow_run`, {});
    expect(JSON.stringify((run as { parameters: object }).parameters)).toBe(JSON.stringify(parameters));
  });
});

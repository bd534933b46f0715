import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Shown {
  id: string;
  key: string;
  data: unknown;
}

onEachStore("artifacts", (store) => {
  it("of a key are one collection, whose id the latest is shown with", async () => {
    const api = apiOn(store());
    const key = randomUUID();
    const make = async (data: string) => (await api.post("/artifacts/", { key, data })).body as Shown;
    const first = await make("old");
    const read = async () => (await api.get(`/artifacts/${key}/latest`)).body as Shown;
    const collection = await read();
    expect(collection).toMatchObject({ key, data: "old" });
    expect(collection).not.toHaveProperty("latest_id");
    expect(collection.id).not.toBe(first.id);
    const second = await make("new");
    expect(await read()).toMatchObject({ id: collection.id, data: "new" });
    const listed = await api.post("/artifacts/latest/filter", { artifacts: { key: { any_: [key] } } });
    expect(listed.body).toMatchObject([{ id: collection.id, latest_id: second.id }]);
    expect((await api.get(`/artifacts/${second.id}`)).body).toMatchObject({ data: "new" });
  });
});

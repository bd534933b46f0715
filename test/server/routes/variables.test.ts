import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

onEachStore("variables", (store) => {
  it("keep any JSON and come back by name and by id", async () => {
    const api = apiOn(store());
    const value = { nested: [1, null, { a: "ü" }], "": false };
    const created = await api.post("/variables/", { name: "any_json", value, tags: ["a"] });
    expect(created).toMatchObject({ status: 201, body: { name: "any_json", value, tags: ["a"] } });
    const { id } = created.body as { id: string };
    expect((await api.get("/variables/name/any_json")).body).toEqual(created.body);
    expect((await api.get(`/variables/${id}`)).body).toEqual(created.body);
    await api.patch(`/variables/${id}`, { value: null });
    expect((await api.get(`/variables/${id}`)).body).toMatchObject({ value: null, tags: ["a"] });
    expect((await api.delete(`/variables/${id}`)).status).toBe(204);
    expect((await api.delete("/variables/name/any_json")).body).toEqual({ detail: "Variable not found." });
  });

  it.each([
    ["a name in capitals", { name: "A", value: 1 }, 422],
    ["a long name", { name: "a".repeat(256), value: 1 }, 422],
    ["no value", { name: "a" }, 422],
    ["a value of more than 5000 bytes", { name: "a", value: "é".repeat(2500) }, 422],
    ["a name that is taken", { name: "taken", value: 1 }, 409],
  ])("refuse %s", async (_, body, status) => {
    const api = apiOn(store());
    await api.post("/variables/", { name: "taken", value: 1 });
    expect((await api.post("/variables/", body)).status).toBe(status);
  });

  it("are found by tags and by part of a name, sorted as asked", async () => {
    const api = apiOn(store());
    for (const [name, tags] of [
      ["find_a", ["x", "y"]],
      ["find_b", ["x"]],
      ["find_c", []],
    ] as const) {
      await api.post("/variables/", { name, value: 1, tags });
      api.clock.advance(1);
    }
    const names = async (variables: object, more: object = {}) =>
      ((await api.post("/variables/filter", { variables, ...more })).body as { name: string }[]).map(
        ({ name }) => name,
      );
    const mine = { name: { like_: "FIND_" } };
    expect(await names(mine)).toEqual(["find_a", "find_b", "find_c"]);
    expect(await names(mine, { sort: "CREATED_DESC" })).toEqual(["find_c", "find_b", "find_a"]);
    expect(await names({ ...mine, tags: { all_: ["x", "y"] } })).toEqual(["find_a"]);
    expect(await names({ ...mine, tags: { all_: ["x"] } })).toEqual(["find_a", "find_b"]);
    expect(await names({ ...mine, tags: { is_null_: true } })).toEqual(["find_c"]);
    expect(await names({ name: { like_: "d_b\\" } })).toEqual([]);
    expect((await api.post("/variables/count", { variables: mine })).body).toBe(3);
  });
});

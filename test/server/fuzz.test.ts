import { expect, it } from "vitest";
import { fuzz } from "./fuzz/fuzz.ts";
import { onEachStore } from "./support/stores.ts";

onEachStore("requests made from the server's own OpenAPI document", (store) => {
  it("never cause an internal error, whatever is in them", async () => {
    const perRoute = store().kind === "sqlite" ? 8 : 3;
    expect(await fuzz(store(), { seed: "unchanging", perRoute })).toEqual([]);
  }, 120_000);
});

import { expect } from "vitest";
import { ManagedResource } from "../managed-resource.ts";
import { type Scenario, template } from "./scenario.ts";

/** JSON documents: nulls, JSON text, and keys with a meaning in JavaScript. */
export const documentScenarios: readonly Scenario[] = [
  {
    name: "nulls in a document are stored and show no change; a null field counts as absent",
    async run(env) {
      const document = template(null, { nothing: null, list: [null, { deep: null }] });
      const program = { name: "nulls", type: "process", description: null, baseJobTemplate: document };
      const pool = new ManagedResource(env.provider, "WorkPool", "nulls");
      await pool.up(program);
      expect(pool.outputs.baseJobTemplate).toEqual(document);
      expect(pool.inputs).toEqual({ name: "nulls", type: "process", baseJobTemplate: document });
      const live: { base_job_template: unknown } = await env.api("GET", "/work_pools/nulls");
      expect(live.base_job_template).toEqual(document);
      await pool.refresh();
      expect(await pool.up(program)).toBe("same");
      return pool.state;
    },
  },
  {
    name: "a document as JSON text is stored as an object, with its nulls, and equals the object",
    async run(env) {
      const document = template(null, { list: [1, 1.5, null] });
      const pool = new ManagedResource(env.provider, "WorkPool", "as text");
      await pool.up({ name: "as text", type: "process", baseJobTemplate: JSON.stringify(document, null, 2) });
      expect(pool.inputs.baseJobTemplate).toEqual(document);
      expect(await pool.up({ name: "as text", type: "process", baseJobTemplate: document })).toBe("same");
      return pool.state;
    },
  },
  {
    name: "keys of a document with a meaning in JavaScript are ordinary keys",
    async run(env) {
      const odd = {
        constructor: "a",
        length: 3,
        toString: "b",
        hasOwnProperty: "c",
        propertyIsEnumerable: "d",
        call: "e",
      };
      const document = template("e:1", { "a.b/c": { ...odd, "": [{}], __mine: 1 } });
      const pool = new ManagedResource(env.provider, "WorkPool", "odd keys");
      await pool.up({ name: "odd keys", type: "process", baseJobTemplate: document });
      const live: { base_job_template: unknown } = await env.api("GET", "/work_pools/odd%20keys");
      expect(live.base_job_template).toEqual(document);
      await pool.refresh();
      expect(await pool.up({ name: "odd keys", type: "process", baseJobTemplate: document })).toBe("same");
      return pool.state;
    },
  },
];

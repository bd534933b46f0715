import { expect } from "vitest";
import { ManagedResource } from "../managed-resource.ts";
import { CallError, type Properties } from "../provider-process.ts";
import { PLANTED, type Scenario, template } from "./scenario.ts";

/** Invalid input, refused and failed requests. */
export const failureScenarios: readonly Scenario[] = [
  {
    name: "a check reports fields and rules, never a value and never a property whose value Pulumi would print",
    async run(env) {
      const wrong: [string, Properties][] = [
        ["WorkPool", { name: `a/${PLANTED}`, type: "process" }],
        ["WorkPool", { name: "p", type: "process", concurrencyLimit: PLANTED, isPaused: PLANTED }],
        ["WorkPool", { name: "p", type: "process", baseJobTemplate: `{"${PLANTED}"` }],
        [
          "WorkPool",
          { name: "p", type: "process", baseJobTemplate: template([PLANTED], { x: [`{{ image }} ${PLANTED}`] }) },
        ],
        ["BaseJobTemplate", { workPool: "p", template: template("x", { x: `${PLANTED} {{ undeclared }}` }) }],
        ["WorkPool", { name: "p", type: "process", baseJobTemplate: [PLANTED] }],
        ["WorkPool", { name: "p", type: "process", storageConfiguration: { defaultResultStorageBlockId: PLANTED } }],
        ["WorkQueue", { workPool: "p", name: "q", priority: 0, description: [PLANTED] }],
        ["GlobalConcurrencyLimit", { name: `tag:${PLANTED}`, limit: 2 ** 60 }],
        ["TagConcurrencyLimit", { tag: "t" }],
      ];
      const results: unknown[] = [];
      for (const [kind, news] of wrong) {
        const { failures } = await env.provider.check(kind, "it", {}, news);
        expect(failures.length).toBeGreaterThan(0);
        expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
        results.push(failures);
      }
      expect(JSON.stringify(results)).not.toContain(PLANTED);
      return results;
    },
  },
  {
    name: "a server's refusal is reported without the request's values and without a stack trace",
    async run(env) {
      const echo = JSON.stringify({
        exception_message: "Invalid request received.",
        exception_detail: [
          { loc: ["body", "description"], msg: "is wrong", type: "x", input: PLANTED, ctx: { it: PLANTED } },
        ],
        request_body: { description: PLANTED },
      });
      const results: unknown[] = [];
      const program = { name: "refused", type: "process", description: PLANTED, baseJobTemplate: template([PLANTED]) };
      const { inputs } = await env.provider.check(
        "WorkPool",
        "refused",
        {},
        { ...program, baseJobTemplate: template("x") },
      );
      for (const instead of [
        { status: 422, body: echo },
        { status: 500, body: `{"exception_message":"Internal Server Error","request_body":"${PLANTED}"}` },
        { status: 401, body: '{"exception_message":"Unauthorized"}' },
        { status: 403, body: '{"detail":"Forbidden"}' },
        { status: 200, body: `<html>${PLANTED}</html>`, type: "text/html" },
      ]) {
        env.network.faultFor = () => ({ instead });
        const failure = await failed(env.provider.create("WorkPool", "refused", inputs));
        expect(failure.initFailed).toBeUndefined();
        results.push(failure.message);
      }
      env.network.faultFor = () => "pass";
      const printed = JSON.stringify(results) + env.provider.output.join("");
      expect(printed).not.toContain(PLANTED);
      expect(printed).not.toMatch(/\n\s+at /);
      const nothing: Properties = await env.api("GET", "/work_pools/refused");
      expect(nothing).toHaveProperty("detail");
      return results;
    },
  },
  {
    name: "an existing object is not changed, and the message says what to do",
    async run(env) {
      await env.api("POST", "/work_pools/", { name: "theirs", type: "process", description: "theirs" });
      const refused = await failed(
        env.provider.create("WorkPool", "it", { name: "theirs", type: "process", description: "ours" }),
      );
      expect(refused.message).toContain('adopt: "always"');
      const pool = new ManagedResource(env.provider, "WorkPool", "it");
      expect(await pool.up({ name: "theirs", type: "process", adopt: "always", concurrencyLimit: 2 })).toBe("create");
      return [refused.message, pool.state];
    },
  },
  {
    name: "an object whose create failed half way is kept, with the whole message, and completed by the next run",
    async run(env) {
      await env.api("POST", "/work_pools/", { name: "halves", type: "process" });
      const program = { workPool: "halves", name: "first", priority: 1 };
      const refusal = { status: 403, body: '{"detail":"no lists today"}' };
      env.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
      const { inputs } = await env.provider.check("WorkQueue", "it", {}, program);
      const failure = await failed(env.provider.create("WorkQueue", "it", inputs));
      env.network.faultFor = () => "pass";
      const { created: _created, ...outputs } = failure.initFailed?.outputs ?? {};
      expect(outputs).toMatchObject(program);
      expect(failure.initFailed?.reasons).toEqual([failure.message]);
      expect(failure.message).toContain('WorkQueue "halves/first" exists');
      const id = failure.initFailed?.id ?? "";
      const updated = await env.provider.update("WorkQueue", id, failure.initFailed?.outputs ?? {}, inputs, inputs);
      expect(updated).toEqual(failure.initFailed?.outputs);
      return { outputs, message: failure.message };
    },
  },
  {
    name: "a lost response creates no second object",
    async run(env) {
      let lost = 0;
      env.network.faultFor = ({ method, path }) => {
        if (method !== "POST" || !path.endsWith("/work_pools/") || lost > 0) return "pass";
        lost += 1;
        return "lose";
      };
      const pool = new ManagedResource(env.provider, "WorkPool", "lost");
      expect(await pool.up({ name: "lost", type: "process" })).toBe("create");
      env.network.faultFor = () => "pass";
      return pool.state;
    },
  },
];

async function failed(call: Promise<unknown>): Promise<CallError> {
  const outcome: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof CallError)) throw new Error("the call should have failed", { cause: outcome });
  return outcome;
}

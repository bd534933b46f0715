import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import type { Declaration, Value } from "./harness/declaration.ts";
import { on } from "./harness/on-every-server.ts";
import { template } from "./harness/samples.ts";
import { doors, type TestStack } from "./harness/workbench.ts";
import { referenceServer, servers } from "./harness/world.ts";

/** What people get wrong, and what they are told: where it is, what is the matter, what to do. Never a stack, never half a state. */

/** A frame of a stack: of our code, of Node's, of anybody's. */
const STACK = /\n\s+at .+[:(]\d+|node:internal|\.[cm]?[jt]s:\d+/;

const template1 = template("a:1");

/** Found before anything is sent. `yaml: false`: the YAML host's own schema check speaks first. */
const refused: readonly { what: string; kind: string; props: Record<string, Value>; says: RegExp[] }[] = [
  {
    what: "a placeholder that is no declared variable",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: { ...template1, job_configuration: { image: "{{ imgae }}" } } },
    says: [/baseJobTemplate\.job_configuration\.image/, /imgae|declared/],
  },
  {
    what: "a default that contradicts its own schema",
    kind: "WorkPool",
    props: {
      type: "process",
      baseJobTemplate: {
        job_configuration: {},
        variables: { type: "object", properties: { cpus: { type: "integer", default: "two" } } },
      },
    },
    says: [/baseJobTemplate\.variables\.properties\.cpus/, /default/],
  },
  {
    what: "a reserved pool name",
    kind: "WorkPool",
    props: { name: "Prefect-mine", type: "process" },
    says: [/name/, /prefect/],
  },
  {
    what: "a slash in a name",
    kind: "WorkPool",
    props: { name: "a/b", type: "process" },
    says: [/name/, /\/ % & < >/],
  },
  {
    what: "a limit's name that belongs to a tag",
    kind: "GlobalConcurrencyLimit",
    props: { name: "tag:x", limit: 1 },
    says: [/name/, /TagConcurrencyLimit/],
  },
  {
    what: "a negative limit",
    kind: "WorkPool",
    props: { type: "process", concurrencyLimit: -4 },
    says: [/concurrencyLimit/, /0 or more/],
  },
  {
    what: "priority 0",
    kind: "WorkQueue",
    props: { workPool: "etl", priority: 0 },
    says: [/priority/, /1 first/, /QueueOrder/],
  },
  {
    what: "an integer beyond 2^53",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: { job_configuration: { big: 2 ** 60 }, variables: {} } },
    says: [/baseJobTemplate\.job_configuration\.big/, /2\^53/],
  },
  {
    what: "an integer beyond 2^53 in a JSON text",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: '{"job_configuration":{"big":9007199254740993},"variables":{}}' },
    says: [/baseJobTemplate/, /2\^53/],
  },
  {
    what: "a queue named twice in an order",
    kind: "QueueOrder",
    props: { workPool: "etl", queues: ["a", "a"] },
    says: [/queues/, /once/],
  },
];

on(referenceServer, (site) => {
  describe.each(doors)("through the %s door", (door) => {
    describe("in preview, before any request", () => {
      let stack: TestStack;
      beforeAll(async () => {
        stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
      });

      it.each(refused)("$what is refused", async ({ kind, props, says }) => {
        stack.declarations = [{ kind, name: "wrong", props }];
        site.world.proxy.take();
        const message = await refusal(stack, "preview");
        for (const part of says) expect(message).toMatch(part);
        expect(message).not.toMatch(STACK);
        expect(site.world.proxy.take()).toEqual([]);
      });
    });

    it("names with # and ? address the object that has them, and nobody else's", async () => {
      const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
      const names = ["odd?x=1", "odd#2", "odd +ü"].map((name) => `${name} ${door}`);
      await site.world.ask("POST", "/work_pools/", { name: "odd", type: "process", description: "theirs" });
      const program = (limit: number): Declaration[] => [
        ...names.map((name, index) => ({
          kind: "WorkPool",
          name: `pool-${index}`,
          props: { name, type: "process", concurrencyLimit: limit },
        })),
        { kind: "GlobalConcurrencyLimit", name: "global", props: { name: `odd#?${door}`, limit } },
        { kind: "TagConcurrencyLimit", name: "tag", props: { tag: `odd#?${door}`, concurrencyLimit: limit } },
      ];
      stack.declarations = program(1);
      await stack.up();
      stack.declarations = program(2);
      await stack.up();
      for (const name of names) {
        expect(await site.world.ask("GET", `/work_pools/${encodeURIComponent(name)}`)).toMatchObject({
          name,
          concurrency_limit: 2,
        });
      }
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await site.world.ask("GET", "/work_pools/odd")).toMatchObject({ description: "theirs" });
      expect(await site.world.ask("POST", "/work_pools/count", {})).toBe(1);
      await site.world.ask("DELETE", "/work_pools/odd");
    });

    const pool = [{ kind: "WorkPool", name: "pool", props: { name: `unmade-${door}`, type: "process" } }];

    it("a server that answers HTML is not a Prefect API: the message says the URL and what it expected", async () => {
      const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
      stack.declarations = pool;
      site.world.proxy.intervene = () => ({
        answer: 200,
        headers: { "content-type": "text/html" },
        body: "<html>Sign in</html>",
      });
      await expectRefusal(stack, [new RegExp(`unmade-${door}`), /127\.0\.0\.1/]);
      site.world.proxy.intervene = () => undefined;
    });

    it("a server that answers 500 to everything ends in an error that says what was attempted", async () => {
      const stack = await site.bench.stack(door, {
        "prefect:apiUrl": site.world.url,
        "prefect:requestTimeoutSeconds": "2",
      });
      stack.declarations = pool;
      site.world.proxy.intervene = () => ({ answer: 500, body: '{"exception_message":"Internal Server Error"}' });
      await expectRefusal(stack, [new RegExp(`unmade-${door}`), /500/, /127\.0\.0\.1/]);
      site.world.proxy.intervene = () => undefined;
    });

    it("a server that is down ends in an error that names the URL", async () => {
      const closed = `http://127.0.0.1:${await closedPort()}/api`;
      const stack = await site.bench.stack(door, { "prefect:apiUrl": closed, "prefect:requestTimeoutSeconds": "2" });
      stack.declarations = pool;
      await expectRefusal(stack, [new RegExp(closed)]);
    });

    it("a URL that is none is refused by its setting's name", async () => {
      const stack = await site.bench.stack(door, { "prefect:apiUrl": "not a url" });
      stack.declarations = pool;
      await expectRefusal(stack, [/apiUrl/]);
    });

    it("a URL without a Prefect behind it is told apart from a missing object", async () => {
      const stack = await site.bench.stack(door, {
        "prefect:apiUrl": site.world.url.replace(/\/api$/, "/elsewhere/api"),
      });
      stack.declarations = pool;
      await expectRefusal(stack, [/elsewhere/, /404/]);
    });
  });
});

on(
  referenceServer,
  (site) => {
    it.each(doors)("wrong credentials are refused with the setting to look at, through the %s door", async (door) => {
      const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
      await stack.setSecret("prefect:authString", "admin:wrong");
      stack.declarations = [{ kind: "WorkPool", name: "pool", props: { type: "process" } }];
      const message = await expectRefusal(stack, [/401|credentials/i, /authString|PREFECT_API_AUTH_STRING/]);
      expect(message).not.toContain("admin:wrong");
    });
  },
  { authString: "admin:right" },
);

for (const server of servers) {
  on(server, (site) => {
    it.each(doors)(
      "one bad object among good ones: the good ones are in the state, and the next up goes on, through the %s door",
      async (door) => {
        const prefix = `half-${door}`;
        const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
        // Without a description, one that is just made could be what a create of ours made whose answer was lost.
        const theirs = { name: `${prefix}-taken`, type: "process", description: "theirs" };
        await site.world.ask("POST", "/work_pools/", theirs);
        const declared = (adopt: Record<string, Value>) => [
          { kind: "WorkPool", name: "free", props: { name: `${prefix}-free`, type: "process" } },
          {
            kind: "WorkPool",
            name: "taken",
            props: { name: `${prefix}-taken`, type: "process", ...adopt },
            after: ["free"],
          },
        ];
        stack.declarations = declared({});
        await expectRefusalOf(stack, [new RegExp(`${prefix}-taken`), /adopt/]);
        expect(Object.keys(await stack.resources())).toEqual(["free"]);

        stack.declarations = declared({ adopt: "ifEqual" });
        await stack.up();
        expect(Object.keys(await stack.resources()).sort()).toEqual(["free", "taken"]);
        await stack.expectNoChanges({ refresh: true });
        await stack.destroy();
      },
    );
  });
}

async function refusal(stack: TestStack, command: "preview" | "up"): Promise<string> {
  try {
    await stack[command]();
  } catch (error) {
    // The Automation API appends its own stack to what the CLI printed; only the CLI's output is what a user sees.
    return (error as Error).message.split("\n    at ")[0] ?? "";
  }
  throw new Error(`${command} was expected to be refused`);
}

async function expectRefusalOf(stack: TestStack, says: readonly RegExp[]): Promise<string> {
  const message = await refusal(stack, "up");
  for (const part of says) expect(message).toMatch(part);
  expect(message).not.toMatch(STACK);
  return message;
}

/** Refused, with nothing in the state. */
async function expectRefusal(stack: TestStack, says: readonly RegExp[]): Promise<string> {
  const message = await expectRefusalOf(stack, says);
  expect(await stack.resources()).toEqual({});
  return message;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 9;
}

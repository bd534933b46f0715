import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import type { Declaration, Value } from "../harness/declaration.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { template } from "../harness/samples.ts";
import { referenceServer, servers } from "../harness/servers.ts";
import { modes, type TestStack } from "../harness/test-stack.ts";

/** Messages for invalid input: where it is, what is wrong, what to do. Never a stack trace, never a partial state. */

/** A frame of a stack trace. */
const STACK = /\n\s+at .+[:(]\d+|node:internal|\.[cm]?[jt]s:\d+/;

const template1 = template("a:1");

/** Found before any request is sent. */
const invalid: readonly { what: string; kind: string; props: Record<string, Value>; messages: RegExp[] }[] = [
  {
    what: "a placeholder without a declared variable",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: { ...template1, job_configuration: { image: "{{ imgae }}" } } },
    messages: [/baseJobTemplate\.job_configuration\.image/, /imgae|declared/],
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
    messages: [/baseJobTemplate\.variables\.properties\.cpus/, /default/],
  },
  {
    what: "a reserved pool name",
    kind: "WorkPool",
    props: { name: "Prefect-mine", type: "process" },
    messages: [/name/, /prefect/],
  },
  {
    what: "a slash in a name",
    kind: "WorkPool",
    props: { name: "a/b", type: "process" },
    messages: [/name/, /\/ % & < >/],
  },
  {
    what: "a limit's name that belongs to a tag",
    kind: "GlobalConcurrencyLimit",
    props: { name: "tag:x", limit: 1 },
    messages: [/name/, /TagConcurrencyLimit/],
  },
  {
    what: "a negative limit",
    kind: "WorkPool",
    props: { type: "process", concurrencyLimit: -4 },
    messages: [/concurrencyLimit/, /0 or more/],
  },
  {
    what: "priority 0",
    kind: "WorkQueue",
    props: { workPool: "etl", priority: 0 },
    messages: [/priority/, /1 first/, /QueueOrder/],
  },
  {
    what: "an integer beyond 2^53",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: { job_configuration: { big: 2 ** 60 }, variables: {} } },
    messages: [/baseJobTemplate\.job_configuration\.big/, /2\^53/],
  },
  {
    what: "an integer beyond 2^53 in a JSON text",
    kind: "WorkPool",
    props: { type: "process", baseJobTemplate: '{"job_configuration":{"big":9007199254740993},"variables":{}}' },
    messages: [/baseJobTemplate/, /2\^53/],
  },
  {
    what: "a queue named twice in an order",
    kind: "QueueOrder",
    props: { workPool: "etl", queues: ["a", "a"] },
    messages: [/queues/, /once/],
  },
];

describeOnServer(referenceServer, (context) => {
  describe.each(modes)("in %s mode", (mode) => {
    describe("in preview, before any request", () => {
      let stack: TestStack;
      beforeAll(async () => {
        stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
      });

      it.each(invalid)("$what is refused", async ({ kind, props, messages }) => {
        stack.declarations = [{ kind, name: "wrong", props }];
        context.server.proxy.takeRequests();
        const message = await refusal(stack, "preview");
        for (const part of messages) expect(message).toMatch(part);
        expect(message).not.toMatch(STACK);
        expect(context.server.proxy.takeRequests()).toEqual([]);
      });
    });

    it("names with # and ? address only the object with that name", async () => {
      const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
      const names = ["odd?x=1", "odd#2", "odd +ü"].map((name) => `${name} ${mode}`);
      await context.server.request("POST", "/work_pools/", { name: "odd", type: "process", description: "theirs" });
      const program = (limit: number): Declaration[] => [
        ...names.map((name, index) => ({
          kind: "WorkPool",
          name: `pool-${index}`,
          props: { name, type: "process", concurrencyLimit: limit },
        })),
        { kind: "GlobalConcurrencyLimit", name: "global", props: { name: `odd#?${mode}`, limit } },
        { kind: "TagConcurrencyLimit", name: "tag", props: { tag: `odd#?${mode}`, concurrencyLimit: limit } },
      ];
      stack.declarations = program(1);
      await stack.up();
      stack.declarations = program(2);
      await stack.up();
      for (const name of names) {
        expect(await context.server.request("GET", `/work_pools/${encodeURIComponent(name)}`)).toMatchObject({
          name,
          concurrency_limit: 2,
        });
      }
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await context.server.request("GET", "/work_pools/odd")).toMatchObject({ description: "theirs" });
      expect(await context.server.request("POST", "/work_pools/count", {})).toBe(1);
      await context.server.request("DELETE", "/work_pools/odd");
    });

    const pool = [{ kind: "WorkPool", name: "pool", props: { name: `absent-${mode}`, type: "process" } }];

    it("a server that answers HTML is not a Prefect API: the message says the URL and what it expected", async () => {
      const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
      stack.declarations = pool;
      context.server.proxy.intervene = () => ({
        respond: 200,
        headers: { "content-type": "text/html" },
        body: "<html>Sign in</html>",
      });
      await expectRefusal(stack, [new RegExp(`absent-${mode}`), /127\.0\.0\.1/]);
      context.server.proxy.intervene = () => undefined;
    });

    it("a server that answers 500 to everything ends in an error that says what was attempted", async () => {
      const stack = await context.pulumi.stack(mode, {
        "prefect:apiUrl": context.server.url,
        "prefect:requestTimeoutSeconds": "2",
      });
      stack.declarations = pool;
      context.server.proxy.intervene = () => ({ respond: 500, body: '{"exception_message":"Internal Server Error"}' });
      await expectRefusal(stack, [new RegExp(`absent-${mode}`), /500/, /127\.0\.0\.1/]);
      context.server.proxy.intervene = () => undefined;
    });

    it("a server that is down ends in an error that names the URL", async () => {
      const closed = `http://127.0.0.1:${await closedPort()}/api`;
      const stack = await context.pulumi.stack(mode, {
        "prefect:apiUrl": closed,
        "prefect:requestTimeoutSeconds": "2",
      });
      stack.declarations = pool;
      await expectRefusal(stack, [new RegExp(closed)]);
    });

    it("an invalid URL is refused with the setting's name", async () => {
      const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": "not a url" });
      stack.declarations = pool;
      await expectRefusal(stack, [/apiUrl/]);
    });

    it("a URL that is not a Prefect API is not taken for a missing object", async () => {
      const stack = await context.pulumi.stack(mode, {
        "prefect:apiUrl": context.server.url.replace(/\/api$/, "/elsewhere/api"),
      });
      stack.declarations = pool;
      await expectRefusal(stack, [/elsewhere/, /404/]);
    });
  });
});

describeOnServer(
  referenceServer,
  (context) => {
    it.each(modes)("wrong credentials are refused with the setting to look at, in %s mode", async (mode) => {
      const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
      await stack.setSecret("prefect:authString", "admin:wrong");
      stack.declarations = [{ kind: "WorkPool", name: "pool", props: { type: "process" } }];
      const message = await expectRefusal(stack, [/401|credentials/i, /authString|PREFECT_API_AUTH_STRING/]);
      expect(message).not.toContain("admin:wrong");
    });
  },
  { authString: "admin:right" },
);

for (const server of servers) {
  describeOnServer(server, (context) => {
    it.each(modes)(
      "one refused object: the others are in the state, and the next up continues, in %s mode",
      async (mode) => {
        const prefix = `half-${mode}`;
        const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
        // With a description, it cannot be taken for the result of a create whose response was lost.
        const theirs = { name: `${prefix}-taken`, type: "process", description: "theirs" };
        await context.server.request("POST", "/work_pools/", theirs);
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
    // The Automation API appends its own stack trace to the CLI's output; users see only the output.
    return (error as Error).message.split("\n    at ")[0] ?? "";
  }
  throw new Error(`${command} was expected to be refused`);
}

async function expectRefusalOf(stack: TestStack, messages: readonly RegExp[]): Promise<string> {
  const message = await refusal(stack, "up");
  for (const part of messages) expect(message).toMatch(part);
  expect(message).not.toMatch(STACK);
  return message;
}

/** Refused, and the state is empty. */
async function expectRefusal(stack: TestStack, messages: readonly RegExp[]): Promise<string> {
  const message = await expectRefusalOf(stack, messages);
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

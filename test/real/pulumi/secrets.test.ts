import type * as Pulumi from "@pulumi/pulumi";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { type Declaration, output, secret } from "../harness/declaration.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { template } from "../harness/samples.ts";
import { referenceServer } from "../harness/servers.ts";
import { requireFromProject } from "../harness/setup.ts";
import { modes, type TestStack } from "../harness/test-stack.ts";

/** Planted secrets must not appear in plain text in anything that is stored or printed. */

const planted = {
  top: "PLANTED-top-level",
  nested: "PLANTED-nested",
  inArray: "PLANTED-in-array",
  template: "PLANTED-whole-template",
  earlier: "PLANTED-somebody-elses-template",
  password: "PLANTED-password",
  header: "PLANTED-header",
  key: "PLANTED-api-key",
};

function withSecrets(round: string): Declaration[] {
  const { job_configuration: job, variables } = template("a:1");
  const nested = {
    ...(job as object),
    password: secret(planted.nested + round),
    list: ["plain", secret(planted.inArray + round)],
  };
  return [
    {
      kind: "WorkPool",
      name: "pool",
      props: {
        name: "secretive",
        type: "process",
        description: secret(planted.top + round),
        baseJobTemplate: { job_configuration: nested, variables: variables ?? {} },
      },
    },
    {
      kind: "WorkQueue",
      name: "queue",
      props: { workPool: output("pool", "name"), description: secret(planted.top + round) },
    },
    {
      kind: "BaseJobTemplate",
      name: "template",
      props: { workPool: "theirs", template: secret(template(planted.template + round)) },
    },
  ];
}

/** Contains no planted value, neither plain nor encoded for Basic authentication. */
function expectClean(where: string, text: string): void {
  for (const [what, value] of Object.entries(planted)) {
    expect(text.includes(value), `${what} is in ${where}`).toBe(false);
  }
  const credentials = btoa(`admin:${planted.password}`);
  expect(text.includes(credentials), `the credentials are in ${where}`).toBe(false);
}

async function expectCleanState(stack: TestStack): Promise<void> {
  expectClean("the state on disk", await stack.filesOnDisk());
  expectClean("the export", JSON.stringify(await stack.exportState()));
}

describeOnServer(
  referenceServer,
  (context) => {
    describe.each(modes)("in %s mode", (mode) => {
      it("secrets of a program and of its configuration are in no state, no output and no diff", async () => {
        for (const pool of ["theirs", "secretive"]) await context.server.request("DELETE", `/work_pools/${pool}`);
        await context.server.request("POST", "/work_pools/", {
          name: "theirs",
          type: "process",
          base_job_template: template(planted.earlier),
        });
        const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
        await stack.setSecret("prefect:authString", `admin:${planted.password}`);
        await stack.setSecret("prefect:customHeaders", JSON.stringify({ "X-Planted": planted.header }));

        stack.declarations = withSecrets("");
        expectClean("the output of up", await stack.up({ diff: true }));
        await expectCleanState(stack);
        // They did reach the server: values that are not sent could not leak.
        expect(await context.server.request("GET", "/work_pools/secretive")).toMatchObject({
          description: planted.top,
          base_job_template: { job_configuration: { password: planted.nested, list: ["plain", planted.inArray] } },
        });
        expect(context.server.proxy.takeRequests().map(({ headers }) => headers["x-planted"])).toContain(
          planted.header,
        );

        stack.declarations = withSecrets("-again");
        expectClean("the preview", (await stack.preview({ diff: true })).text);
        expectClean("the JSON preview", await jsonPreview(stack));
        expectClean("the output of the update", await stack.up({ diff: true }));
        await context.server.request("PATCH", "/work_pools/secretive", { description: `${planted.top}-drifted` });
        expectClean("the output of a refresh", await stack.refresh());
        await expectCleanState(stack);
        expectClean("the output of destroy", await stack.destroy());
        // The BaseJobTemplate has restored the previous template.
        expect(await context.server.request("GET", "/work_pools/theirs")).toMatchObject({
          base_job_template: template(planted.earlier),
        });
        await context.server.request("DELETE", "/work_pools/theirs");
      });

      it("a server that echoes a request, or a URL with a password, leaks nothing into an error", async () => {
        const withPassword = context.server.url.replace("http://", `http://admin:${planted.password}@`);
        const stack = await context.pulumi.stack(mode, {});
        await stack.setSecret("prefect:apiUrl", withPassword);
        stack.declarations = withSecrets("").slice(0, 1);
        context.server.proxy.intervene = ({ method, body }) =>
          method === "POST" ? { respond: 422, body: echo(body) } : undefined;
        const refusal = await stack.up().then(
          () => "",
          (error: Error) => error.message,
        );
        context.server.proxy.intervene = () => undefined;
        expect(refusal).toMatch(/422|refused/);
        expectClean("the error", refusal);
        await expectCleanState(stack);
      });

      it("a check that fails on a secret names its path and not its value", async () => {
        const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
        const props = {
          name: "secretive",
          type: "process",
          baseJobTemplate: secret({ job_configuration: { a: `{{ ${planted.nested} }}` }, variables: {} }),
        };
        stack.declarations = [
          { kind: "WorkPool", name: "pool", props: { ...props, description: secret(planted.top) } },
        ];
        const refusal = await stack.preview().then(
          () => "",
          (error: Error) => error.message,
        );
        expect(refusal).toContain("baseJobTemplate");
        expectClean("the error", refusal);
      });
    });

    it("an explicit provider's credentials are in no state and no output", async () => {
      const stack = await context.pulumi.stack("native", {});
      stack.program = () => {
        const pulumi = requireFromProject<typeof Pulumi>("@pulumi/pulumi");
        const native = requireFromProject<typeof import("../../../sdk/native.ts")>("prefect-iac/native");
        const provider = new native.Provider("explicit", {
          apiUrl: context.server.url,
          authString: pulumi.secret(`admin:${planted.password}`),
          customHeaders: { "X-Planted": pulumi.secret(planted.header) },
        });
        new native.WorkPool("explicit", { type: "process" }, { provider });
      };
      expectClean("the output of up", await stack.up({ diff: true }));
      await expectCleanState(stack);
      expectClean("the output of destroy", await stack.destroy());
    });
  },
  { authString: `admin:${planted.password}` },
);

describeOnServer(referenceServer, (context) => {
  it.each(modes)("an API key is sent, and is in no state and no output, in %s mode", async (mode) => {
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    await stack.setSecret("prefect:apiKey", planted.key);
    stack.declarations = [{ kind: "WorkPool", name: "pool", props: { name: "keyed", type: "process" } }];
    expectClean("the output of up", await stack.up({ diff: true }));
    expect(context.server.proxy.takeRequests().map(({ headers }) => headers.authorization)).toContain(
      `Bearer ${planted.key}`,
    );
    await expectCleanState(stack);

    context.server.proxy.intervene = ({ headers }) => ({
      respond: 403,
      body: JSON.stringify({ detail: headers.authorization }),
    });
    const refusal = await stack.refresh().then(
      () => "",
      (error: Error) => error.message,
    );
    context.server.proxy.intervene = () => undefined;
    expect(refusal).toContain("403");
    expectClean("the error", refusal);
    await stack.destroy();
  });
});

/** The CLI's JSON preview, or for inline programs the events that it consists of. The Node SDK's own debug events contain what it
 *  registers, whatever the provider does: they are left out. */
async function jsonPreview(stack: TestStack): Promise<string> {
  if (stack.mode === "yaml") {
    const { stdout, stderr } = await stack.cli("preview", "--json", "--debug");
    return stdout + stderr;
  }
  const events: Automation.EngineEvent[] = [];
  await stack.preview({ onEvent: (event) => events.push(event) });
  expect(events.some((event) => event.resourcePreEvent !== undefined)).toBe(true);
  return JSON.stringify(events.filter((event) => String(event.diagnosticEvent?.severity) !== "debug"));
}

/** As a real server answers an invalid request: with the request's body. */
function echo(body: string): string {
  const issue = { type: "value_error", loc: ["body", "description"], msg: "Value error", input: body };
  const request = JSON.parse(body) as object;
  return JSON.stringify({
    exception_message: "Invalid request received.",
    exception_detail: [issue],
    request_body: request,
  });
}

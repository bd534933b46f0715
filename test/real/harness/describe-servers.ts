import { afterAll, beforeAll, describe } from "vitest";
import { PulumiHome } from "./pulumi-home.ts";
import { type ServerOptions, type ServerSpec, servers, type TestServer } from "./servers.ts";
import { type Mode, modes } from "./test-stack.ts";

/** What a group of tests works with. Open only while tests run. */
export interface TestContext {
  readonly server: TestServer;
  readonly pulumi: PulumiHome;
}

/** A group of tests with a server and a Pulumi home of its own. */
export function describeOnServer(
  server: ServerSpec,
  tests: (context: TestContext) => void,
  options?: ServerOptions,
): void {
  describe(`on ${server.name}`, () => {
    let open: TestContext | undefined;
    const context = (): TestContext => {
      if (open === undefined) throw new Error("the server and Pulumi are available only while tests run");
      return open;
    };
    beforeAll(async () => {
      open = { server: await server.start(options), pulumi: await PulumiHome.create() };
    });
    afterAll(async () => {
      await open?.pulumi[Symbol.asyncDispose]();
      await open?.server[Symbol.asyncDispose]();
    });
    tests({
      get server() {
        return context().server;
      },
      get pulumi() {
        return context().pulumi;
      },
    });
  });
}

/** The same group on each server and, there, in each mode. */
export function describeOnEveryServer(tests: (context: TestContext, mode: Mode) => void): void {
  for (const server of servers) {
    describeOnServer(server, (context) => {
      describe.each(modes)("in %s mode", (mode) => tests(context, mode));
    });
  }
}

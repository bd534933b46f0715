import { afterAll, beforeAll, describe } from "vitest";
import type { Json } from "../../../schema/json.ts";
import { PrefectCli } from "./prefect-cli.ts";
import { PrefectUser } from "./prefect-user.ts";
import type { ServerOptions, ServerSpec } from "./servers.ts";

/** A user of Prefect's CLI, and plain HTTP to check what the CLI did. */
export interface CliContext {
  readonly user: PrefectUser;
  readonly cli: PrefectCli;
  /** Throws: Error for a status that is neither 2xx nor 404; `undefined` for 404. */
  request<Shape = Json>(method: string, path: string, body?: Json): Promise<Shape | undefined>;
}

/** A group of tests with a server, and a user of it. */
export function describePrefectCli(
  server: ServerSpec,
  tests: (context: () => CliContext) => void,
  options: ServerOptions = {},
): void {
  describe(`on ${server.name}`, () => {
    const closing = new AsyncDisposableStack();
    let context: CliContext | undefined;
    beforeAll(async () => {
      const { authString } = options;
      const started = closing.use(await server.start(options));
      const credentials = authString === undefined ? {} : { authString };
      const user = closing.use(await PrefectUser.create(started.directUrl, credentials));
      const request = async <Shape>(method: string, path: string, body?: Json) =>
        (await started.request(method, path, body)) as Shape | undefined;
      context = { user, cli: closing.use(new PrefectCli(user)), request };
    });
    afterAll(() => closing.disposeAsync());
    tests(() => {
      if (context === undefined) throw new Error("the server is available only while tests run");
      return context;
    });
  });
}

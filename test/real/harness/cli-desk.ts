import { afterAll, beforeAll, describe } from "vitest";
import type { Json } from "../../../schema/json.ts";
import { PrefectCli } from "./prefect-cli.ts";
import { PrefectUser } from "./prefect-user.ts";
import type { OpenOptions, Server } from "./world.ts";

/** Somebody at work with Prefect's CLI, and a way past it. */
export interface Desk {
  readonly user: PrefectUser;
  readonly cli: PrefectCli;
  /** Plain HTTP. Throws: Error for an answer that is neither 2xx nor 404; `undefined` for 404. */
  ask<Shape = Json>(method: string, path: string, body?: Json): Promise<Shape | undefined>;
}

/** A group of tests with a server, and a user of it. */
export function atADesk(server: Server, tests: (desk: () => Desk) => void, options: OpenOptions = {}): void {
  describe(`on ${server.name}`, () => {
    const closing = new AsyncDisposableStack();
    let desk: Desk | undefined;
    beforeAll(async () => {
      const { authString } = options;
      const world = closing.use(await server.open(options));
      const user = closing.use(await PrefectUser.at(world.directUrl, authString === undefined ? {} : { authString }));
      const ask = async <Shape>(method: string, path: string, body?: Json) =>
        (await world.ask(method, path, body)) as Shape | undefined;
      desk = { user, cli: closing.use(new PrefectCli(user)), ask };
    });
    afterAll(() => closing.disposeAsync());
    tests(() => {
      if (desk === undefined) throw new Error("the desk is open only while tests run");
      return desk;
    });
  });
}

import { afterAll, beforeAll, describe } from "vitest";
import { type Door, doors, Workbench } from "./workbench.ts";
import { type Server, servers, type World } from "./world.ts";

/** What a group of tests works with. */
export interface Site {
  readonly world: World;
  readonly bench: Workbench;
}

/** A group of tests with a server and a workbench of its own. */
export function on(server: Server, tests: (site: Site) => void, options?: { authString?: string }): void {
  describe(`on ${server.name}`, () => {
    let site: Site | undefined;
    const opened = (): Site => {
      if (site === undefined) throw new Error("the site is open only while tests run");
      return site;
    };
    beforeAll(async () => {
      site = { world: await server.open(options), bench: await Workbench.open() };
    });
    afterAll(async () => {
      await site?.bench[Symbol.asyncDispose]();
      await site?.world[Symbol.asyncDispose]();
    });
    tests({
      get world() {
        return opened().world;
      },
      get bench() {
        return opened().bench;
      },
    });
  });
}

/** The same group on each server and, in it, through each door. */
export function everywhere(tests: (site: Site, door: Door) => void): void {
  for (const server of servers) {
    on(server, (site) => {
      describe.each(doors)("through the %s door", (door) => tests(site, door));
    });
  }
}

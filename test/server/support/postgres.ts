import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../../tools/postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Answers the URL of a PostgreSQL for tests, which is started when somebody first asks. */
    postgresBroker: string;
  }
}

/** PostgreSQL for the tests: the one that PREFECT_IAC_TEST_POSTGRES names, or a throw-away one from the npm package. It takes
 *  seconds to start, so it is started by the first test file that needs it, once for all of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<{ url: string; stop(): Promise<void> }> | undefined;
  const broker = createHttpServer((_, response) => {
    running ??= testPostgres();
    running.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(`PostgreSQL did not start: ${String(error)}`),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  project.provide("postgresBroker", `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.close();
    await (await running?.catch(() => undefined))?.stop();
  };
}

async function testPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.PREFECT_IAC_TEST_POSTGRES;
  if (url !== undefined && url !== "") return { url: url, stop: async () => {} };
  return startPostgres({ durable: false });
}

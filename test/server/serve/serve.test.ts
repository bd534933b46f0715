import { expect, it } from "vitest";
import { serve, type Terminal } from "../../../server/serve/serve.ts";

/** A terminal that remembers, and a server that is told to stop by `stop()`. */
function terminal(environment: Record<string, string> = {}) {
  const said: string[] = [];
  const complaints: string[] = [];
  const logged: string[] = [];
  let stop = (): void => {};
  let heard = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const announced = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const it: Terminal = {
    print(line) {
      said.push(line);
      if (line.startsWith("export ")) heard();
    },
    printError: (line) => complaints.push(line),
    log: (line) => logged.push(line),
    environment,
    stopped,
  };
  const url = () => said.at(-1)?.replace("export PREFECT_API_URL=", "") ?? "";
  return { it, said, complaints, logged, stop, announced, url };
}

it("says where it is reached and what to export, answers, and ends with 0", async () => {
  const { it: term, said, stop, announced } = terminal();
  const ended = serve(["--port", "0"], term);
  await announced;
  const url = said.at(-1)?.replace("export PREFECT_API_URL=", "") ?? "";
  expect(said[0]).toBe(`Prefect-compatible API at ${url} (in memory: nothing is kept). Stop with Ctrl+C.`);
  expect(await (await fetch(`${url}/admin/version`)).json()).toBe("3.8.4");
  stop();
  expect(await ended).toBe(0);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

it("reads Prefect's own names from the environment", async () => {
  const {
    it: term,
    said,
    stop,
    announced,
  } = terminal({
    PREFECT_SERVER_API_AUTH_STRING: "user:word",
    PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
    PREFECT_SERVER_API_DEFAULT_LIMIT: "7",
    PREFECT_SERVER_API_HOST: "localhost",
    PREFECT_SERVER_API_PORT: "0",
    PREFECT_SERVER_LOGGING_LEVEL: "DEBUG",
  });
  const ended = serve(["--db=memory"], term);
  await announced;
  const url = said.at(-1)?.replace("export PREFECT_API_URL=", "") ?? "";
  const headers = { authorization: `Basic ${Buffer.from("user:word").toString("base64")}` };
  expect((await fetch(`${url}/hello`)).status).toBe(401);
  expect((await fetch(`${url}/csrf-token?client=x`, { headers })).status).toBe(200);
  stop();
  expect(await ended).toBe(0);
});

it("an option counts more than the environment", async () => {
  const term = terminal({ PREFECT_SERVER_API_PORT: "1", PREFECT_IAC_SERVE_DB: "/", PREFECT_IAC_SERVE_SERVICES: "off" });
  const ended = serve(["--port", "0", "--db", "memory"], term.it);
  await term.announced;
  expect(term.said[1]).toMatch(/No background services/);
  term.stop();
  expect(await ended).toBe(0);
});

it("logs each request as one JSON object, without query, body or credentials", async () => {
  const { it: term, logged, stop, announced, url } = terminal({ PREFECT_SERVER_API_AUTH_STRING: "user:word" });
  const ended = serve(["--port", "0", "--log-level", "info", "--log-format", "json"], term);
  await announced;
  const json = { "content-type": "application/json" };
  const authorization = `Basic ${Buffer.from("user:word").toString("base64")}`;
  const send = (path: string, headers: Record<string, string>) =>
    fetch(url() + path, {
      method: "POST",
      headers: { ...json, ...headers },
      body: JSON.stringify({ name: "secret_body", value: 1 }),
    });
  const made = await send("/variables/?secret=query", { authorization, "x-request-id": "from-client-1" });
  expect([made.status, made.headers.get("x-request-id")]).toEqual([201, "from-client-1"]);
  const refused = await send("/variables/", { authorization: "Basic secret", "x-request-id": "two\twords" });
  stop();
  expect(await ended).toBe(0);
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      method: "POST",
      path: "/api/variables/",
      status: 201,
      ms: expect.any(Number),
      id: "from-client-1",
      msg: "request",
    },
    expect.objectContaining({ status: 401, id: refused.headers.get("x-request-id") }),
  ]);
  expect(lines[1].id).toMatch(/^[a-z0-9]+$/);
  expect(logged.join("")).not.toMatch(/secret|word|Basic/);
});

it("logs lines to read, and at its usual level no request that went well", async () => {
  for (const [level, lines] of [
    ["info", [expect.stringMatching(/^\S+Z info request method=GET path=\/api\/health status=200 ms=[\d.]+ id=1\n$/)]],
    ["warning", []],
  ] as const) {
    const { it: term, logged, stop, announced, url } = terminal();
    const ended = serve(["--port", "0", "--no-services", "--log-level", level], term);
    await announced;
    expect((await fetch(`${url()}/health`)).status).toBe(200);
    stop();
    expect(await ended).toBe(0);
    expect(logged).toEqual(lines);
  }
});

it.each([
  ["a port that is none", ["--port", "99999"], {}, 2, /--port must be a number from 0 to 65535/],
  ["an unknown option", ["--colour"], {}, 2, /--colour/],
  ["an empty database", ["--db", ""], {}, 2, /--db must be/],
  ["an open door to other machines", ["--port", "0", "--host", "0.0.0.0"], {}, 2, /PREFECT_SERVER_API_AUTH_STRING/],
  [
    "a flag that is none",
    ["--port", "0"],
    { PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "perhaps" },
    2,
    /must be true or false/,
  ],
  [
    "a port in the environment that is none",
    [],
    { PREFECT_SERVER_API_PORT: "x" },
    2,
    /PREFECT_SERVER_API_PORT must be/,
  ],
  ["a level that is none", ["--log-level", "loud"], {}, 2, /--log-level must be one of debug, info, warning, error/],
  ["a limit of nothing", ["--port", "0"], { PREFECT_SERVER_API_DEFAULT_LIMIT: "0" }, 2, /whole number from 1/],
  [
    "a database that is not there",
    ["--port", "0", "--db", "postgresql://u:secret@127.0.0.1:1/x"],
    {},
    1,
    /can't be opened: .*ECONNREFUSED/,
  ],
  ["a database of another kind", ["--port", "0", "--db", "mysql://u:secret@localhost/x"], {}, 2, /--db must be a file/],
  ["a folder for a file", ["--port", "0", "--db", "/"], {}, 1, /: \/ can't be opened as a SQLite file: unable to open/],
  [
    "a file that is no database",
    ["--port", "0", "--db", import.meta.filename],
    {},
    1,
    /serve\.test\.ts can't be opened as a SQLite file: file is not a database/,
  ],
  [
    "a blank password",
    ["--port", "0", "--host", "0.0.0.0"],
    { PREFECT_SERVER_API_AUTH_STRING: " " },
    2,
    /PREFECT_SERVER_API_AUTH_STRING is blank/,
  ],
] as const)("refuses %s, in one line", async (_, args, environment, code, says) => {
  const { it: term, complaints, said } = terminal(environment);
  expect(await serve(args, term)).toBe(code);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toMatch(says);
  expect(complaints[0]).not.toMatch(/\n|secret/);
  expect(said).toEqual([]);
});

it("says which port is in use", async () => {
  const first = terminal();
  const running = serve(["--port", "0"], first.it);
  await first.announced;
  const port = new URL(first.said.at(-1)?.replace("export PREFECT_API_URL=", "") ?? "").port;
  const second = terminal();
  expect(await serve(["--port", port], second.it)).toBe(1);
  expect(second.complaints[0]).toMatch(/the port is in use/);
  first.stop();
  await running;
});

import { randomUUID } from "node:crypto";
import { request } from "node:http";

type Body = { [key: string]: unknown };

/** A document as a Prefect on PostgreSQL finds it again: `jsonb` keeps keys by length, then byte by byte. Where a schema stops at its
 *  first fault, or fails at one keyword before another is looked at, the order decides. */
export function asKept<T>(value: T): T {
  if (Array.isArray(value)) return value.map(asKept) as T;
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).map((key) => Buffer.from(key));
  keys.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  return Object.fromEntries(keys.map(String).map((key) => [key, asKept((value as Body)[key])])) as T;
}
type Verdict = "taken" | "refused";

/** Asks a real server what it makes of templates and job variables. What it makes for that has names of its own, and goes. */
export class TemplateServer {
  private readonly prefix = `tpl-${randomUUID().slice(0, 8)}`;
  private readonly url: string;
  private flowId = "";

  constructor(url: string) {
    this.url = url;
  }

  async create(template: Body): Promise<Verdict> {
    const name = `${this.prefix}-${randomUUID()}`;
    const { status } = await this.send("POST", "/work_pools/", { name, type: "process", base_job_template: template });
    // A server that fails in its answer has made the pool.
    await this.send("DELETE", `/work_pools/${name}`);
    return verdict(status);
  }

  async update(template: Body): Promise<Verdict> {
    return verdict(
      (await this.send("PATCH", `/work_pools/${await this.pool()}`, { base_job_template: template })).status,
    );
  }

  /** What a deployment with these variables, and a run of one without any, are answered under a template that an update takes.
   *  `undefined` when it does not. */
  async variables(template: Body, variables: Body): Promise<{ deployment: Answer; run: Answer } | undefined> {
    if ((await this.update(template)) === "refused") return undefined;
    const deployment = await this.deploy("with", variables);
    const { body } = await this.deploy("without", {});
    const run = await this.send("POST", `/deployments/${(body as Body).id}/create_flow_run`, {
      job_variables: variables,
    });
    return { deployment: answer(deployment), run: answer(run) };
  }

  /** What a run of a deployment with these variables is answered before and after the pool's template changes. `undefined` when the
   *  server takes no such template or deployment. */
  async change(before: Body, after: Body, variables: Body): Promise<{ before: Verdict; after: Verdict } | undefined> {
    if ((await this.update(before)) === "refused") return undefined;
    const deployment = await this.deploy(randomUUID(), variables);
    if (verdict(deployment.status) === "refused") return undefined;
    const run = async () => {
      const { status } = await this.send("POST", `/deployments/${(deployment.body as Body).id}/create_flow_run`, {});
      return verdict(status);
    };
    const earlier = await run();
    return (await this.update(after)) === "refused" ? undefined : { before: earlier, after: await run() };
  }

  async cleanUp(): Promise<void> {
    if (this.flowId !== "") await this.send("DELETE", `/flows/${this.flowId}`);
    await this.send("DELETE", `/work_pools/${this.prefix}`);
  }

  private async deploy(name: string, variables: Body): Promise<Received> {
    if (this.flowId === "")
      this.flowId = String(((await this.send("POST", "/flows/", { name: this.prefix })).body as Body).id);
    const deployment = { name: `${this.prefix}-${name}`, flow_id: this.flowId, work_pool_name: await this.pool() };
    return this.send("POST", "/deployments/", { ...deployment, job_variables: variables });
  }

  private async pool(): Promise<string> {
    const { status } = await this.send("GET", `/work_pools/${this.prefix}`);
    if (status !== 200) await this.send("POST", "/work_pools/", { name: this.prefix, type: "process" });
    return this.prefix;
  }

  /** On SQLite a real server refuses a request now and then (503), because another one of its own tasks writes. */
  private async send(method: string, path: string, body?: Body): Promise<Received> {
    for (let attempt = 1; ; attempt++) {
      const received = await exchange(`${this.url}${path}`, method, body === undefined ? "" : JSON.stringify(body));
      if (received.status !== 503 || attempt === 20) return received;
    }
  }
}

export interface Answer {
  verdict: Verdict;
  /** The server's sentence in a refusal. */
  detail: string;
}

interface Received {
  status: number;
  body: unknown;
}

const verdict = (status: number): Verdict => (status < 300 ? "taken" : "refused");

function answer({ status, body }: Received): Answer {
  const detail = (body as Body | null)?.detail;
  return { verdict: verdict(status), detail: typeof detail === "string" && status >= 300 ? detail : "" };
}

/** A connection for each request: the server closes it after an answer of 500. */
function exchange(url: string, method: string, payload: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(payload)) };
    const call = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, body: text === "" ? null : parsed(text) });
      });
    });
    call.on("error", reject);
    call.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

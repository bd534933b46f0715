import { randomUUID } from "node:crypto";
import { request } from "node:http";

type Body = { [key: string]: unknown };

/** A document as a Prefect on PostgreSQL reads it back: `jsonb` sorts keys by length, then by bytes. The order decides where validation
 *  stops at the first error. */
export function jsonbOrdered<T>(value: T): T {
  if (Array.isArray(value)) return value.map(jsonbOrdered) as T;
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).map((key) => Buffer.from(key));
  keys.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  return Object.fromEntries(keys.map(String).map((key) => [key, jsonbOrdered((value as Body)[key])])) as T;
}

type Verdict = "taken" | "refused";

/** Gets a real server's verdicts on templates and job variables. Its objects have unique names and are deleted. */
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
    // After a 500 the pool may exist.
    await this.send("DELETE", `/work_pools/${name}`);
    return verdict(status);
  }

  async update(template: Body): Promise<Verdict> {
    return verdict(
      (await this.send("PATCH", `/work_pools/${await this.pool()}`, { base_job_template: template })).status,
    );
  }

  /** The verdicts on a deployment with these variables, and on a run with them of a deployment without any, in a pool with this template.
   *  `undefined` when the server refuses the template. */
  async variables(template: Body, variables: Body): Promise<{ deployment: Judgement; run: Judgement } | undefined> {
    if ((await this.update(template)) === "refused") return undefined;
    const deployment = await this.deploy("with", variables);
    const { body } = await this.deploy("without", {});
    const run = await this.send("POST", `/deployments/${(body as Body).id}/create_flow_run`, {
      job_variables: variables,
    });
    return { deployment: judgementOf(deployment), run: judgementOf(run) };
  }

  /** The verdicts on a run of a deployment with these variables before and after the pool's template changes. `undefined` when the
   *  server refuses a template or the deployment. */
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

  private async deploy(name: string, variables: Body): Promise<Response> {
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

  /** Retries 503: on SQLite a real server returns it while another of its tasks writes. */
  private async send(method: string, path: string, body?: Body): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await send(`${this.url}${path}`, method, body === undefined ? "" : JSON.stringify(body));
      if (response.status !== 503 || attempt === 20) return response;
    }
  }
}

export interface Judgement {
  verdict: Verdict;
  /** The server's message in a refusal. */
  detail: string;
}

interface Response {
  status: number;
  body: unknown;
}

const verdict = (status: number): Verdict => (status < 300 ? "taken" : "refused");

function judgementOf({ status, body }: Response): Judgement {
  const detail = (body as Body | null)?.detail;
  return { verdict: verdict(status), detail: typeof detail === "string" && status >= 300 ? detail : "" };
}

/** A new connection for each request, since the server closes it after a 500. */
function send(url: string, method: string, payload: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(payload)) };
    const call = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, body: text === "" ? null : parseOrText(text) });
      });
    });
    call.on("error", reject);
    call.end(payload);
  });
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

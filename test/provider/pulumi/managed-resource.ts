import type { CheckResult, DiffResult, Properties, ProviderProcess } from "./provider-process.ts";

/** Does what Pulumi's engine does for one resource, and keeps its state: enough of pkg/resource/deploy for the lifecycle of a program. */
export class ManagedResource {
  id: string | undefined;
  inputs: Properties = {};
  outputs: Properties = {};
  readonly #provider: ProviderProcess;
  readonly kind: string;
  readonly name: string;

  constructor(provider: ProviderProcess, kind: string, name: string) {
    this.#provider = provider;
    this.kind = kind;
    this.name = name;
  }

  check(news: Properties): Promise<CheckResult> {
    return this.#provider.check(this.kind, this.name, this.inputs, news);
  }

  /** The plan for a program, without applying it. */
  async plan(news: Properties): Promise<DiffResult | "create"> {
    const { inputs } = await this.#validInputs(news);
    if (this.id === undefined) return "create";
    return this.#provider.diff(this.kind, this.id, this.outputs, this.inputs, inputs);
  }

  /** Plans and applies. Throws: Error with the failures of check; CallError. */
  async up(news: Properties): Promise<"create" | "same" | "update" | "replace"> {
    const plan = await this.plan(news);
    const { inputs } = await this.#validInputs(news);
    if (plan === "create" || this.id === undefined) {
      await this.#create(inputs);
      return "create";
    }
    if (plan.replaces.length > 0) {
      const old = { id: this.id, outputs: this.outputs };
      this.inputs = {};
      const again = await this.#validInputs(news);
      if (plan.deleteBeforeReplace) await this.#provider.remove(this.kind, old.id, old.outputs);
      await this.#create(again.inputs);
      if (!plan.deleteBeforeReplace) await this.#provider.remove(this.kind, old.id, old.outputs);
      return "replace";
    }
    if (plan.changes === "some") {
      this.outputs = await this.#provider.update(this.kind, this.id, this.outputs, this.inputs, inputs);
    }
    this.inputs = inputs;
    return plan.changes === "some" ? "update" : "same";
  }

  async refresh(): Promise<void> {
    if (this.id === undefined) return;
    const found = await this.#provider.read(this.kind, this.id, this.outputs, this.inputs);
    if (found.id === "") {
      this.id = undefined;
      this.inputs = {};
      this.outputs = {};
      return;
    }
    this.id = found.id;
    this.outputs = found.outputs;
    if (found.inputs !== undefined) this.inputs = found.inputs;
  }

  async destroy(): Promise<void> {
    if (this.id !== undefined) await this.#provider.remove(this.kind, this.id, this.outputs);
    this.id = undefined;
  }

  /** The state without times, to be compared. */
  get state(): Properties {
    const { created: _created, ...outputs } = this.outputs;
    return { id: this.id, inputs: this.inputs, outputs };
  }

  async #validInputs(news: Properties): Promise<CheckResult> {
    const checked = await this.check(news);
    if (checked.failures.length > 0) throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
    return checked;
  }

  async #create(inputs: Properties): Promise<void> {
    const created = await this.#provider.create(this.kind, this.name, inputs);
    this.id = created.id;
    this.inputs = inputs;
    this.outputs = created.outputs;
  }
}

import type { Checked, Difference, Door, Properties } from "./door.ts";

/** What Pulumi's engine would do for one resource, and what it remembers: enough of pkg/resource/deploy to play a program's life
 *  over either door. */
export class Managed {
  id: string | undefined;
  inputs: Properties = {};
  outputs: Properties = {};
  readonly #door: Door;
  readonly kind: string;
  readonly name: string;

  constructor(door: Door, kind: string, name: string) {
    this.#door = door;
    this.kind = kind;
    this.name = name;
  }

  check(news: Properties): Promise<Checked> {
    return this.#door.check(this.kind, this.name, this.inputs, news);
  }

  /** What a plan says, without carrying anything out. */
  async plan(news: Properties): Promise<Difference | "create"> {
    const { inputs } = await this.#checked(news);
    if (this.id === undefined) return "create";
    return this.#door.diff(this.kind, this.id, this.outputs, this.inputs, inputs);
  }

  /** Makes the server match. Throws: Error with the failures of check; CallFailure. */
  async up(news: Properties): Promise<"create" | "same" | "update" | "replace"> {
    const plan = await this.plan(news);
    const { inputs } = await this.#checked(news);
    if (plan === "create" || this.id === undefined) {
      await this.#create(inputs);
      return "create";
    }
    if (plan.replaces.length > 0) {
      const old = { id: this.id, outputs: this.outputs };
      this.inputs = {};
      const again = await this.#checked(news);
      if (plan.deleteBeforeReplace) await this.#door.remove(this.kind, old.id, old.outputs);
      await this.#create(again.inputs);
      if (!plan.deleteBeforeReplace) await this.#door.remove(this.kind, old.id, old.outputs);
      return "replace";
    }
    if (plan.changes === "some") {
      this.outputs = await this.#door.update(this.kind, this.id, this.outputs, this.inputs, inputs);
    }
    this.inputs = inputs;
    return plan.changes === "some" ? "update" : "same";
  }

  async refresh(): Promise<void> {
    if (this.id === undefined) return;
    const seen = await this.#door.read(this.kind, this.id, this.outputs, this.inputs);
    if (seen.id === "") {
      this.id = undefined;
      this.inputs = {};
      this.outputs = {};
      return;
    }
    this.id = seen.id;
    this.outputs = seen.outputs;
    if (seen.inputs !== undefined) this.inputs = seen.inputs;
  }

  async destroy(): Promise<void> {
    if (this.id !== undefined) await this.#door.remove(this.kind, this.id, this.outputs);
    this.id = undefined;
  }

  /** What is remembered, to be compared: the server's clock aside. */
  get state(): Properties {
    const { created: _created, ...outputs } = this.outputs;
    return { id: this.id, inputs: this.inputs, outputs };
  }

  async #checked(news: Properties): Promise<Checked> {
    const checked = await this.check(news);
    if (checked.failures.length > 0) throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
    return checked;
  }

  async #create(inputs: Properties): Promise<void> {
    const made = await this.#door.create(this.kind, this.name, inputs);
    this.id = made.id;
    this.inputs = inputs;
    this.outputs = made.outputs;
  }
}

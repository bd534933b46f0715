import type { JsonObject, PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import type { Decision } from "./decide.ts";

/** What a host (Pulumi, Terraform) calls. Plain values in and out, in the contracts' names: no encodings, no wrapped secrets, nothing
 *  of a host.
 *
 *  *State* is one flat object: the declared fields and directives as last applied, and the outputs. An undeclared field is never in
 *  it. */
export interface Engine {
  /** The operations on resources of a kind. Throws: Error for a kind that does not exist (a plugin older than its SDK). */
  resource(kind: string): ResourceOperations;
  /** Calls one of the schema's functions (`getWorkPool`, …). Throws: EngineError. */
  call(request: { name: string; args: JsonObject } & Operation): Promise<JsonObject>;
  /** Ends waiting and drops connections. The engine must not be used afterwards. */
  close(): Promise<void>;
}

/** Implemented by engine/resource-engine.ts. */
export interface ResourceOperations {
  /** Validates what a program declares. Sends nothing. Unknown leaves (UNKNOWN) are not judged. */
  check(request: CheckRequest): CheckResult;
  /** What a change would do to work that exists (the only request before an apply), and what it lets go of. `applied` and `declared` are checked inputs, old
   *  and new; a resource that is new to the state has no `applied`. Sends nothing where no such harm can be. A server that cannot be
   *  reached is a warning. */
  preflight(request: { applied?: JsonObject | undefined; declared: PlanObject } & Operation): Promise<Problem[]>;
  /** What an apply would do, from state and program alone. Sends nothing. `news` are checked inputs; leaves may be UNKNOWN. */
  diff(request: { olds: JsonObject; news: PlanObject }): Decision;
  /** The state a create or update would leave, as far as it is known before. Sends nothing. */
  preview(request: { olds?: JsonObject | undefined; news: PlanObject }): PlanObject;
  /** Throws: EngineError; PartialCreateError when the object exists but a later step failed. */
  create(request: { news: JsonObject } & Operation): Promise<CreateResult>;
  /** Reads the server. `undefined`: definitely gone. Without `state` this is an import, and `id` is what the user typed. */
  read(request: { id: string; state?: JsonObject | undefined } & Operation): Promise<ReadResult | undefined>;
  /** Reads again and sends what the diff showed and the server does not have yet. Drift in other fields is a warning. Returns the new state. Throws: EngineError, PartialCreateError. */
  update(request: { olds: JsonObject; news: JsonObject } & Operation): Promise<JsonObject>;
  /** Deletes the object; gone already is success. Throws: EngineError. */
  remove(request: { state: JsonObject } & Operation): Promise<void>;
}

export interface Operation {
  /** Ends the operation early; what can be saved is (PartialCreateError). */
  signal?: AbortSignal | undefined;
  /** Shown to the user, in the order of calling. */
  warn?: ((message: string) => void) | undefined;
}

export interface CheckRequest {
  /** What the program declares. */
  program: PlanObject;
  /** The resource's name in the program, where the host knows it. */
  resourceName?: string | undefined;
  /** Whether the resource is in the state already. */
  inState: boolean;
}

export interface CheckResult {
  /** What to remember as inputs: declared fields and directives in normal form. */
  inputs: PlanObject;
  /** Errors fail the check; warnings are shown. */
  problems: Problem[];
}

export interface CreateResult {
  id: string;
  state: JsonObject;
}

export interface ReadResult {
  id: string;
  /** What a program would declare for the object: the live values of the fields in the old state, or, on import, of those that differ
   *  from the server's defaults. */
  inputs: JsonObject;
  state: JsonObject;
}

/** Something the user has to know and to act on. `summary` is one line; `detail` says what was attempted, what may be left
 *  behind and the next step. Holds no secret. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  readonly summary: string;
  readonly detail: string;

  constructor(summary: string, detail: string, options?: { cause?: unknown }) {
    super(detail === "" ? summary : `${summary}\n${detail}`, options);
    this.summary = summary;
    this.detail = detail;
  }
}

/** The object exists, but a later step of its create failed: the host must save `id` and `state` together with the failure (Pulumi:
 *  "initialization failed"). */
export class PartialCreateError extends EngineError {
  override readonly name = "PartialCreateError";
  readonly id: string;
  readonly state: JsonObject;

  constructor(created: CreateResult, summary: string, detail: string, options?: { cause?: unknown }) {
    super(summary, detail, options);
    this.id = created.id;
    this.state = created.state;
  }
}

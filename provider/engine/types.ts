import type { JsonObject, PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import type { Decision } from "./decide.ts";

/** What a host (Pulumi's native or dynamic door, Terraform) asks of the provider. Plain values in and out: no wire forms, no
 *  secrets' wrappers, no host words. Surface names (camelCase) everywhere.
 *
 *  *State* is one flat object: the declared fields and directives as last applied, and the facts. An undeclared field is never
 *  in it (design 3.2). */
export interface Engine {
  /** Validates what a program declares. Sends nothing. Unknown leaves (UNKNOWN) are not judged. */
  check(request: CheckRequest): CheckResult;
  /** What a change would do to work that exists: the only look at the server before an apply. `applied` and `declared` are checked
   *  inputs, old and new; a resource that is new to the state has no `applied`. Sends nothing where no such harm can be. A server
   *  that cannot be asked is a warning. */
  preflight(
    request: { kind: string; applied?: JsonObject | undefined; declared: PlanObject } & Operation,
  ): Promise<Problem[]>;
  /** What an apply would do, from state and program alone. Sends nothing. `news` are checked inputs; leaves may be UNKNOWN. */
  diff(request: { kind: string; olds: JsonObject; news: PlanObject }): Decision;
  /** The state a create or update would leave, as far as it is known before. Sends nothing. */
  preview(request: { kind: string; olds?: JsonObject | undefined; news: PlanObject }): PlanObject;
  /** Throws: EngineError; HalfMade when the object exists but a later step failed. */
  create(request: { kind: string; news: JsonObject } & Operation): Promise<CreateResult>;
  /** Looks at the server. `undefined`: definitely gone. Without `state` this is an import, and `id` is what the user typed. */
  read(
    request: { kind: string; id: string; state?: JsonObject | undefined } & Operation,
  ): Promise<ReadResult | undefined>;
  /** Looks again, sends only what differs. Throws: EngineError, HalfMade. */
  update(request: { kind: string; id: string; olds: JsonObject; news: JsonObject } & Operation): Promise<JsonObject>;
  /** Removes the object; gone already is success. Throws: EngineError. */
  remove(request: { kind: string; id: string; state: JsonObject } & Operation): Promise<void>;
  /** Answers one of the functions of the schema (`getWorkPool`, …). Throws: EngineError. */
  call(request: { name: string; args: JsonObject } & Operation): Promise<JsonObject>;
  /** Ends waiting and drops connections. The engine must not be used afterwards. */
  close(): Promise<void>;
}

export interface Operation {
  /** Ends the operation early; what can be saved is (HalfMade). */
  signal?: AbortSignal | undefined;
  /** Told to the user, in the order of calling. */
  warn?: ((message: string) => void) | undefined;
}

export interface CheckRequest {
  kind: string;
  program: PlanObject;
  /** The resource's name in the program, where the host knows it. */
  resourceName?: string | undefined;
  /** Whether the resource is in the state already. */
  inState: boolean;
}

export interface CheckResult {
  /** What to remember as inputs: declared fields and directives in normal form. */
  inputs: PlanObject;
  /** Errors fail the check; warnings are told. */
  problems: Problem[];
}

export interface CreateResult {
  id: string;
  state: JsonObject;
}

export interface ReadResult {
  id: string;
  /** What a program would declare for what was seen: the live values of the fields in the old state, or, on import, of those
   *  that differ from how the server makes them. */
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

/** The object exists, but a later step failed: the host must save `id` and `state` together with the failure. */
export class PartialCreateError extends EngineError {
  override readonly name = "HalfMade";
  readonly id: string;
  readonly state: JsonObject;

  constructor(made: CreateResult, summary: string, detail: string, options?: { cause?: unknown }) {
    super(summary, detail, options);
    this.id = made.id;
    this.state = made.state;
  }
}

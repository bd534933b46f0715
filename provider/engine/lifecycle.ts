import type { FieldValues, ResourceContract } from "../../schema/define.ts";
import type { JsonObject, PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import type { CallOptions, PrefectApi } from "../client/api.ts";
import type { AdoptedObjects } from "./adopted-objects.ts";
import type { KeyedMutex } from "./keyed-mutex.ts";
import type { Shared } from "./shared.ts";
import type { Target } from "./state.ts";

/** What a resource's verbs may use. */
export interface Scope {
  readonly api: PrefectApi;
  /** Passed with every call to the API. */
  readonly call: CallOptions;
  readonly warn: (message: string) => void;
  readonly adopt: "refuse" | "ifEqual" | "always";
  readonly forceDelete: boolean;
  readonly contractCheck: "error" | "warn" | "off";
  readonly adopted: AdoptedObjects;
  readonly shared: Shared;
  readonly locks: KeyedMutex;
}

/** An object on the server. */
export interface RemoteObject<Contract extends ResourceContract = ResourceContract> {
  /** The id a host keeps for it. */
  id: string;
  /** The object's UUID. `undefined` for kinds that are no object of their own. */
  uuid: string | undefined;
  /** Every field that the server has a value for, by the contract's names. */
  live: FieldValues<Contract>;
  /** The contract's outputs. */
  outputs: JsonObject;
  /** All that the API answered, in its own names: what is part of no contract is read from here (functions). */
  answer?: JsonObject;
}

/** How one kind of resource converges: verbs of one or two calls each. No retries, no sleeps, no logging, nothing of a host. Every
 *  verb may throw PrefectError, or EngineError for what only this kind can explain.
 *
 *  Optional members are the ways in which a kind differs from a plain object with create, read, update and delete. */
export interface Lifecycle<Contract extends ResourceContract = ResourceContract> {
  readonly contract: Contract;
  /** Reads the object by its UUID or, without one, by its natural key. `undefined`: definitely not there. */
  read(scope: Scope, target: Target): Promise<RemoteObject<Contract> | undefined>;
  /** Makes the object; the answer is what the server made, no later read is needed. */
  create(scope: Scope, values: FieldValues<Contract>): Promise<RemoteObject<Contract>>;
  /** Sends `send` (`null` clears). `declared` is all the program declares. Returns the object where the answer holds it. */
  update(
    scope: Scope,
    object: RemoteObject<Contract>,
    send: JsonObject,
    declared: FieldValues<Contract>,
  ): Promise<RemoteObject<Contract> | undefined>;
  /** Removes the object. `state` is the resource's whole state; `implicit` is what `existsImplicitly` answered. */
  remove(scope: Scope, object: RemoteObject<Contract>, state: JsonObject, implicit: boolean): Promise<void>;
  /** Reads what a user typed for an import. Throws: EngineError when it cannot be an id of this kind. */
  importTarget(id: string): Target;

  /** Fields that a create sends beside the declared ones. They are not in the state, and an import does not declare them. */
  createDefaults?(declared: FieldValues<Contract>): JsonObject;
  /** The POST would overwrite what exists, or there is no POST: look first. */
  readonly readBeforeCreate?: boolean;
  /** The API has no route by UUID to write to: an update is followed by a look at what has the name. */
  readonly writesByName?: boolean;
  /** Deleting the resource changes nothing on the server: no request. */
  readonly deleteIsNoop?: boolean;
  /** Whether the object may be adopted without asking: the server made it with another one, or it is no object of its own. */
  existsImplicitly?(scope: Scope, object: RemoteObject<Contract>): Promise<boolean>;
  /** Outputs to remember of an object that a create adopts, as it was before. */
  outputsOnAdopt?(object: RemoteObject<Contract>, declared: FieldValues<Contract>): JsonObject;
  /** Writes with the same key wait for each other. */
  lockKey?(values: JsonObject): string | undefined;
  /** What must still be done after a write, under the same lock. `created`: the object is new, or was created partially and is
   *  finished now. */
  afterWrite?(
    scope: Scope,
    declared: FieldValues<Contract>,
    wrote: { created: boolean; fields: string[] },
  ): Promise<void>;
  /** Notes what the program declares. Returns what contradicts another declaration. */
  recordDeclared?(shared: Shared, declared: PlanObject): Problem[];
  /** Notes that this declaration holds on the server: its address, and all fields or those that do not change. */
  recordApplied?(shared: Shared, declared: FieldValues<Contract>): void;
  /** Names of what uses the object: deleting it would orphan them. Not asked where `existsImplicitly`. */
  usedBy?(scope: Scope, object: RemoteObject<Contract>): Promise<string[]>;
  /** What a change would do to what uses the object, found before anything is applied. Opens no scope when nothing of that kind
   *  changes. `applied` is absent for a resource that is new to the state. Not asked of a replacement. */
  planChecks?(open: () => Scope, applied: JsonObject | undefined, declared: PlanObject): Promise<Problem[]>;
}

/** What an engine serves. Both throw Error for a name that does not exist (a plugin older than its SDK). */
export interface Resources {
  lifecycleOf(kind: string): Lifecycle;
  /** `scope` opens the connection; it is called only by functions that ask the server. */
  callFunction(name: string, args: JsonObject, scope: () => Scope): Promise<JsonObject>;
}

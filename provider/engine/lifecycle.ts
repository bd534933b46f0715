import type { ResourceContract } from "../../schema/define.ts";
import type { JsonObject, PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import type { Call, PrefectApi } from "../client/api.ts";
import type { AdoptedObjects } from "./adopted-objects.ts";
import type { KeyedMutex } from "./keyed-mutex.ts";
import type { SharedDeclarations } from "./shared-declarations.ts";
import type { Target } from "./state.ts";

/** What a resource's verbs may use. */
export interface Scope {
  readonly api: PrefectApi;
  /** Passed with every call to the API. */
  readonly call: Call;
  readonly warn: (message: string) => void;
  readonly adopt: "refuse" | "ifEqual" | "always";
  readonly forceDelete: boolean;
  readonly contractCheck: "error" | "warn" | "off";
  readonly adopted: AdoptedObjects;
  readonly declarations: SharedDeclarations;
  readonly locks: KeyedMutex;
}

/** An object as the server shows it. */
export interface RemoteObject {
  /** The id a host keeps for it. */
  id: string;
  /** The object's UUID. `undefined` for kinds that are no object of their own. */
  uuid: string | undefined;
  /** Every field that the server has a value for, by surface name; nulls left out. */
  live: JsonObject;
  outputs: JsonObject;
}

/** How one kind of resource converges: verbs of one or two calls each. No retries, no sleeps, no logging, no host words. Every
 *  verb may throw PrefectError, or EngineError for what only this kind can explain. */
export interface Lifecycle {
  readonly contract: ResourceContract;
  /** Looks at the object by its identity or, without one, by its address. `undefined`: definitely not there. */
  read(scope: Scope, target: Target): Promise<RemoteObject | undefined>;
  /** Makes the object; the answer is what the server made, no later read is needed. */
  create(scope: Scope, values: JsonObject): Promise<RemoteObject>;
  /** Sends `send` (`null` clears). `declared` is all the program says. */
  update(scope: Scope, seen: RemoteObject, send: JsonObject, declared: JsonObject): Promise<void>;
  /** Removes what is seen. `state` is the resource's whole state; `born` is what `born` answered of it. */
  remove(scope: Scope, seen: RemoteObject, state: JsonObject, existsImplicitly: boolean): Promise<void>;
  /** What a user typed for an import. Throws: EngineError when it cannot be an id of this kind. */
  importTarget(id: string): Target;

  /** Fields sent by a create beside the declared ones. They are not remembered, and an import does not declare them. */
  readonly createDefaults?: (declared: JsonObject) => JsonObject;
  /** The POST would overwrite what exists, or there is no POST: look first. */
  readonly readBeforeCreate?: boolean;
  /** Removing the resource means nothing to the server: it is not even asked. */
  readonly deleteIsNoop?: boolean;
  /** Whether an existing object may be taken over without asking, for it exists from its owner's birth or is no object. */
  readonly born?: (scope: Scope, seen: RemoteObject) => Promise<boolean>;
  /** Facts to remember of an object that a create takes over, as it was before. */
  readonly outputsOnAdopt?: (seen: RemoteObject, declared: JsonObject) => JsonObject;
  /** Writes that share this key wait for each other. */
  readonly lockKey?: (values: JsonObject) => string | undefined;
  /** What must still be done after a write, in the same turn. `created`: the object is new, or half made and finished now. */
  readonly afterWrite?: (
    scope: Scope,
    declared: JsonObject,
    wrote: { created: boolean; fields: string[] },
  ) => Promise<void>;
  /** Tells the ledger what the program declares; answers what contradicts another declaration. */
  readonly recordDeclared?: (program: SharedDeclarations, declared: PlanObject) => Problem[];
  /** Tells the ledger that this declaration stands on the server. */
  readonly recordApplied?: (program: SharedDeclarations, declared: JsonObject) => void;
  /** Names of what uses the object, so that a delete would take work along. Not asked of what is `born`: it stays. */
  readonly usedBy?: (scope: Scope, seen: RemoteObject) => Promise<string[]>;
  /** What a change would do to what uses the object, found before anything is applied. Opens no scope when nothing of that kind
   *  changes. `applied` is absent for a resource that is new to the state. Not asked of a replacement. */
  readonly planChecks?: (
    open: () => Scope,
    applied: JsonObject | undefined,
    declared: PlanObject,
  ) => Promise<Problem[]>;
}

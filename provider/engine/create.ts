import { COMPUTED } from "../../schema/define.ts";
import { equal, type JsonObject } from "../../schema/json.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { decide, toSend } from "./decide.ts";
import { alreadyExists, differences, label } from "./explain.ts";
import type { Lifecycle, RemoteObject, Scope } from "./lifecycle.ts";
import { keyOf, stateOf } from "./state.ts";
import { PartialCreateError } from "./types.ts";

/** Sends of one create, the first included. */
const MOST_SENDS = 3;
/** How far the server's clock, read with a resolution of 1 s, may be off. */
const GRACE_MS = 2_000;
/** How long to look for what a cancelled create may have made. */
const RESCUE_MS = 5_000;

interface Created {
  object: RemoteObject;
  /** It was there before, and is not ours. */
  existed: boolean;
}

/** Makes an object exactly once, or takes over the one that is there, as the adopt policy says. Returns
 *  the outputs to remember. Throws: PrefectError, EngineError, PartialCreateError. */
export async function createOrAdopt(
  lifecycle: Lifecycle,
  scope: Scope,
  declared: JsonObject,
): Promise<{ object: RemoteObject; outputs: JsonObject; adopted: boolean }> {
  const { object, existed } = await createOnce(lifecycle, scope, declared);
  if (!existed) return { object, outputs: object.outputs, adopted: false };
  const free = (await lifecycle.existsImplicitly?.(scope, object)) === true;
  const policy = free ? "always" : adoptPolicy(scope, declared);
  const decision = decide(lifecycle.contract, declared, {}, object.live);
  const differs = differences(lifecycle.contract, object.live, declared).length > 0;
  if (policy === "refuse" || (policy === "ifEqual" && differs) || decision.outcome === "replace") {
    throw alreadyExists(lifecycle.contract, declared, object, decision, scope.api.url, policy);
  }
  const send = toSend(decision);
  const sent = Object.keys(send).length > 0 ? await lifecycle.update(scope, object, send, declared) : undefined;
  scope.adopted.add(lifecycle.contract.kind, (sent ?? object).uuid);
  return {
    object: sent ?? object,
    outputs: { ...(sent ?? object).outputs, ...lifecycle.outputsOnAdopt?.(object, declared) },
    adopted: true,
  };
}

function adoptPolicy(scope: Scope, declared: JsonObject): "refuse" | "ifEqual" | "always" {
  const own = declared.adopt;
  return own === "refuse" || own === "ifEqual" || own === "always" ? own : scope.adopt;
}

async function createOnce(lifecycle: Lifecycle, scope: Scope, declared: JsonObject): Promise<Created> {
  const target = { key: keyOf(lifecycle.contract, declared), declared };
  if (lifecycle.readBeforeCreate === true) {
    const object = await lifecycle.read(scope, target);
    if (object !== undefined) return { object, existed: true };
  }
  const values = { ...lifecycle.createDefaults?.(declared), ...declared };
  const firstSend = Date.now();
  let mayHaveHappened = false;
  for (let sends = 1; ; sends++) {
    try {
      return { object: await lifecycle.create(scope, values), existed: false };
    } catch (error) {
      if (!(error instanceof PrefectError) || (error.code !== "conflict" && !error.mayHaveHappened)) throw error;
      mayHaveHappened ||= error.mayHaveHappened;
      const cancelled = error.code === "cancelled";
      const looking = cancelled ? { ...scope, call: { signal: AbortSignal.timeout(RESCUE_MS) } } : scope;
      const object = await lifecycle.read(looking, target);
      if (object !== undefined) {
        // A clean conflict with the first request says that somebody else was faster, however equal the object is.
        const ours = mayHaveHappened && isOurs(lifecycle, scope, values, object, firstSend);
        if (cancelled && ours) throw savedOnCancel(lifecycle, declared, object);
        // Ours by all signs; but should another resource of this program hold it too, its delete must not win.
        if (ours) scope.adopted.add(lifecycle.contract.kind, object.uuid);
        if (!cancelled) return { object, existed: !ours };
      }
      if (cancelled || error.code === "conflict" || sends === MOST_SENDS) throw error;
    }
  }
}

function savedOnCancel(lifecycle: Lifecycle, declared: JsonObject, object: RemoteObject): PartialCreateError {
  return new PartialCreateError(
    { id: object.id, state: stateOf(declared, object.outputs) },
    "cancelled",
    `${label(lifecycle.contract, declared)} was being made and exists on the server; it is kept in the state, and the next apply goes on with it.`,
  );
}

/** Ours if it was made since the first send, by the server's own clock, every sent field is equal, and every other field is
 *  as the server makes it. */
function isOurs(
  lifecycle: Lifecycle,
  scope: Scope,
  sent: JsonObject,
  object: RemoteObject,
  firstSend: number,
): boolean {
  const created = typeof object.outputs.created === "string" ? Date.parse(object.outputs.created) : Number.NaN;
  const offset = scope.api.clockOffsetMs();
  if (Number.isNaN(created) || offset === undefined || created < firstSend + offset - GRACE_MS) return false;
  return Object.entries(lifecycle.contract.fields).every(([name, field]) => {
    const value = sent[name];
    if (value !== undefined && (value !== null || field.nullable)) return equal(value, object.live[name]);
    if (field.serverDefault === undefined || field.serverDefault === COMPUTED) return true;
    return equal(field.serverDefault.value ?? undefined, object.live[name]);
  });
}

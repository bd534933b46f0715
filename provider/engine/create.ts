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
  seen: RemoteObject;
  /** It was there before, and is not ours. */
  existed: boolean;
}

/** Makes an object exactly once, or takes over the one that is there, as the adopt policy says (design 3.3). Answers the
 *  facts to remember. Throws: PrefectError, EngineError, HalfMade. */
export async function createOrAdopt(
  life: Lifecycle,
  scope: Scope,
  declared: JsonObject,
): Promise<{ seen: RemoteObject; facts: JsonObject; adopted: boolean }> {
  const { seen, existed } = await createOnce(life, scope, declared);
  if (!existed) return { seen, facts: seen.outputs, adopted: false };
  const free = (await life.born?.(scope, seen)) === true;
  const policy = free ? "always" : adoptPolicy(scope, declared);
  const decision = decide(life.contract, declared, {}, seen.live);
  const differs = differences(life.contract, seen.live, declared).length > 0;
  if (policy === "refuse" || (policy === "ifEqual" && differs) || decision.outcome === "replace") {
    throw alreadyExists(life.contract, declared, seen, decision, scope.api.url, policy);
  }
  const send = toSend(decision);
  if (Object.keys(send).length > 0) await life.update(scope, seen, send, declared);
  scope.adopted.add(life.contract.kind, seen.uuid);
  return { seen, facts: { ...seen.outputs, ...life.outputsOnAdopt?.(seen, declared) }, adopted: true };
}

function adoptPolicy(scope: Scope, declared: JsonObject): "refuse" | "ifEqual" | "always" {
  const own = declared.adopt;
  return own === "refuse" || own === "ifEqual" || own === "always" ? own : scope.adopt;
}

async function createOnce(life: Lifecycle, scope: Scope, declared: JsonObject): Promise<Created> {
  const target = { key: keyOf(life.contract, declared), declared };
  if (life.readBeforeCreate === true) {
    const seen = await life.read(scope, target);
    if (seen !== undefined) return { seen, existed: true };
  }
  const values = { ...life.createDefaults?.(declared), ...declared };
  const firstSend = Date.now();
  for (let sends = 1; ; sends++) {
    try {
      return { seen: await life.create(scope, values), existed: false };
    } catch (error) {
      if (!(error instanceof PrefectError) || (error.code !== "conflict" && !error.mayHaveHappened)) throw error;
      const cancelled = error.code === "cancelled";
      const looking = cancelled ? { ...scope, call: { signal: AbortSignal.timeout(RESCUE_MS) } } : scope;
      const seen = await life.read(looking, target);
      if (seen !== undefined) {
        const ours = isOurs(life, scope, values, seen, firstSend);
        if (cancelled && ours) throw savedOnCancel(life, declared, seen);
        // Ours by all signs; but should another resource of this program hold it too, its delete must not win.
        if (ours) scope.adopted.add(life.contract.kind, seen.uuid);
        if (!cancelled) return { seen, existed: !ours };
      }
      if (cancelled || error.code === "conflict" || sends === MOST_SENDS) throw error;
    }
  }
}

function savedOnCancel(life: Lifecycle, declared: JsonObject, seen: RemoteObject): PartialCreateError {
  return new PartialCreateError(
    { id: seen.id, state: stateOf(declared, seen.outputs) },
    "cancelled",
    `${label(life.contract, declared)} was being made and exists on the server; it is kept in the state, and the next apply goes on with it.`,
  );
}

/** Ours if it was made since the first send, by the server's own clock, every sent field is equal, and every other field is
 *  as the server makes it. */
function isOurs(life: Lifecycle, scope: Scope, sent: JsonObject, seen: RemoteObject, firstSend: number): boolean {
  const created = typeof seen.outputs.created === "string" ? Date.parse(seen.outputs.created) : Number.NaN;
  const offset = scope.api.clockOffsetMs();
  if (Number.isNaN(created) || offset === undefined || created < firstSend + offset - GRACE_MS) return false;
  return Object.entries(life.contract.fields).every(([name, field]) => {
    const value = sent[name];
    if (value !== undefined && value !== null) return equal(value, seen.live[name]);
    if (field.serverDefault === undefined || field.serverDefault === "any") return true;
    return equal(field.serverDefault.value ?? undefined, seen.live[name]);
  });
}

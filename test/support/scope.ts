import type { PrefectApi } from "../../provider/client/index.ts";
import { AdoptedObjects } from "../../provider/engine/adopted-objects.ts";
import { KeyedMutex } from "../../provider/engine/keyed-mutex.ts";
import type { Scope } from "../../provider/engine/lifecycle.ts";
import { Shared } from "../../provider/engine/shared.ts";

/** What a lifecycle's verbs need, around a client: the default configuration, and nothing known yet. */
export function scopeOf(api: PrefectApi): Scope {
  return {
    api,
    call: {},
    warn: () => {},
    adopt: "refuse",
    forceDelete: false,
    contractCheck: "error",
    adopted: new AdoptedObjects(),
    shared: new Shared(),
    locks: new KeyedMutex(),
  };
}

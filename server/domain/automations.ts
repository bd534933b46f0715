import {
  automationById,
  deleteAutomation,
  insertAutomation,
  ownAutomation,
  relateAutomation,
  updateAutomation,
} from "../store/queries/automations.ts";
import type { Db } from "../store/store.ts";
import type { AutomationRow } from "../store/tables/automations.ts";
import { toJson } from "../values/json.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./context.ts";

/** Automations are stored and returned, so that programs that declare them work. They never fire here. */

/** What is read of an action; its other members are kept as they are. */
export interface Action {
  readonly type: string;
  readonly source?: unknown;
  readonly deployment_id?: unknown;
}

/** What is read of a trigger; its other members are kept as they are. */
export interface Trigger {
  readonly type: string;
  readonly triggers?: readonly Trigger[];
}

export interface AutomationContent {
  name: string;
  description: string;
  enabled: boolean;
  tags: readonly string[];
  trigger: Trigger;
  actions: readonly Action[];
  actions_on_trigger: readonly Action[];
  actions_on_resolve: readonly Action[];
}

export async function createAutomation(
  { store, clock, ids }: Context,
  content: AutomationContent,
  owner: string | null,
): Promise<AutomationRow> {
  const now = clock.now();
  const columns = toColumns(content, ids.uuid4) as Omit<AutomationRow, "id" | "created" | "updated">;
  const row: AutomationRow = { id: ids.uuid4(), created: now, updated: now, ...columns };
  await store.write(async (tx) => {
    await insertAutomation(tx, row);
    await relateAutomation(tx, row.id, deploymentsRun(content.actions));
    if (owner !== null) await ownAutomation(tx, row.id, owner);
  });
  return row;
}

/** Throws: ApiError `object_not_found`. */
export async function findAutomation(db: Db, id: string): Promise<AutomationRow> {
  const row = await automationById(db, id);
  if (row === undefined) throw notFound();
  return row;
}

/** Throws: ApiError `object_not_found`. */
export async function changeAutomation(
  { store, clock, ids }: Context,
  id: string,
  changes: Partial<AutomationContent>,
): Promise<void> {
  const columns = { updated: clock.now(), ...toColumns(changes, ids.uuid4) };
  await store.write(async (tx) => {
    if (!(await updateAutomation(tx, id, columns))) throw notFound();
    if (changes.actions !== undefined) await relateAutomation(tx, id, deploymentsRun(changes.actions));
  });
}

/** Throws: ApiError `object_not_found`. */
export async function removeAutomation({ store }: Context, id: string): Promise<void> {
  if (!(await store.write((tx) => deleteAutomation(tx, id)))) throw notFound();
}

function toColumns(content: Partial<AutomationContent>, newId: () => string): Partial<AutomationRow> {
  const { name, description, enabled, tags, trigger, ...lists } = content;
  const actions = Object.entries(lists).filter(([, list]) => list !== undefined);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
    ...(tags !== undefined && { tags: toJson(tags) }),
    ...(trigger !== undefined && { trigger: toJson(withIds(trigger, newId)) }),
    ...Object.fromEntries(actions.map(([key, list]) => [key, toJson(list)])),
  };
}

/** The server sets the ids of triggers. */
function withIds(trigger: Trigger, newId: () => string): object {
  const { type, triggers, ...rest } = trigger;
  return {
    type,
    ...rest,
    id: newId(),
    ...(triggers !== undefined && { triggers: triggers.map((one) => withIds(one, newId)) }),
  };
}

function deploymentsRun(actions: readonly Action[]): string[] {
  return actions
    .filter(({ type, source }) => type === "run-deployment" && source === "selected")
    .map(({ deployment_id }) => `prefect.deployment.${deployment_id}`);
}

function notFound(): ApiError {
  return new ApiError("object_not_found", "Automation not found");
}

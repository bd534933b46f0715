import {
  deleteVariable,
  insertVariable,
  updateVariable,
  type VariableKey,
  variableBy,
} from "../store/queries/variables.ts";
import type { Db } from "../store/store.ts";
import type { VariableRow } from "../store/tables/variables.ts";
import { toJson } from "../values/json.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./context.ts";
import { conflictOnDuplicate } from "./duplicates.ts";

export interface NewVariable {
  name: string;
  /** Any JSON. */
  value: unknown;
  tags: string[];
}

export async function createVariable({ store, clock, ids }: Context, newVariable: NewVariable): Promise<VariableRow> {
  const now = clock.now();
  const row: VariableRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    name: newVariable.name,
    value: toJson(newVariable.value),
    tags: toJson(newVariable.tags),
  };
  await conflictOnDuplicate(conflict(newVariable.name), () => store.write((tx) => insertVariable(tx, row)));
  return row;
}

/** Throws: ApiError `not_found`. */
export async function findVariable(db: Db, key: VariableKey): Promise<VariableRow> {
  const variable = await variableBy(db, key);
  if (variable === undefined) throw notFound();
  return variable;
}

export async function changeVariable(
  { store, clock }: Context,
  key: VariableKey,
  { name, value, tags }: Partial<NewVariable>,
): Promise<void> {
  const changes = {
    updated: clock.now(),
    ...(name !== undefined && { name }),
    ...(value !== undefined && { value: toJson(value) }),
    ...(tags !== undefined && { tags: toJson(tags) }),
  };
  await conflictOnDuplicate(conflict(name ?? ""), () =>
    store.write(async (tx) => {
      if (!(await updateVariable(tx, key, changes))) throw notFound();
    }),
  );
}

export async function removeVariable({ store }: Context, key: VariableKey): Promise<void> {
  await store.write(async (tx) => {
    if (!(await deleteVariable(tx, key))) throw notFound();
  });
}

function conflict(name: string): string {
  return `A variable with the name '${name}' already exists.`;
}

function notFound(): ApiError {
  return new ApiError("not_found", "Variable not found.");
}

import { deleteFlowRunInput, flowRunInput, insertFlowRunInput } from "../../store/queries/runs/flow-run-inputs.ts";
import type { Db } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import type { FlowRunInputRow } from "../../store/tables/flow-runs.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";

export interface NewInput {
  flow_run_id: string;
  key: string;
  value: string;
  sender?: string | null;
}

/** Creates an input, inside a write. Throws: StoreError. */
export async function addInput({ ids, clock }: Context, tx: Db, newInput: NewInput): Promise<void> {
  const now = clock.now();
  await insertFlowRunInput(tx, { sender: null, ...newInput, id: ids.uuid4(), created: now, updated: now });
}

/** Throws: ApiError `conflict` for a key that is taken, `not_found` for the run. */
export async function createInput(context: Context, newInput: NewInput): Promise<void> {
  try {
    await context.store.write((tx) => addInput(context, tx, newInput));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === "duplicate") throw new ApiError("conflict", "A flow run input with this key already exists.");
    if (error.code === "reference") throw new ApiError("not_found", "Flow run not found");
    throw error;
  }
}

/** Throws: ApiError `not_found`. */
export async function findInput(db: Db, flowRunId: string, key: string): Promise<FlowRunInputRow> {
  const input = await flowRunInput(db, flowRunId, key);
  if (input === undefined) throw notFound();
  return input;
}

/** Throws: ApiError `not_found`. */
export async function removeInput({ store }: Context, flowRunId: string, key: string): Promise<void> {
  if (!(await store.write((tx) => deleteFlowRunInput(tx, flowRunId, key)))) throw notFound();
}

function notFound(): ApiError {
  return new ApiError("not_found", "Flow run input not found");
}

import type { Rule, Transition } from "./decide.ts";
import type { State } from "./state.ts";

/** How a task run is retried. Source: prefect/server/schemas/core.py. */
export interface TaskRunPolicy {
  /** Old spellings of the next two. */
  max_retries: number;
  retry_delay_seconds: number;
  retries: number | null;
  /** Seconds; a list has one for each retry. */
  retry_delay: number | number[] | null;
  retry_jitter_factor: number | null;
}

export const NO_TASK_POLICY: TaskRunPolicy = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: null,
  retry_delay: null,
  retry_jitter_factor: null,
};

/** A task run's transition: what its rules see besides the states. */
export interface TaskRunTransition extends Transition {
  readonly run: { run_count: number; flow_run_run_count: number; flow_run_id: string | null };
  readonly policy: TaskRunPolicy;
  /** Null: there is none, or no rule needs it. */
  readonly flowRun: { id: string; state: State | null; run_count: number } | null;
  /** The cached state of the proposed cache key. */
  readonly cached: State | null;
  /** The limits on the run's tags. */
  readonly tags: TagSlots;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface TagSlots {
  /** A tag whose limit is 0. */
  closed: string | null;
  /** Not all of them have a slot left. */
  full: { tags: readonly string[]; waitSeconds: number } | null;
}

export const NO_TAG_SLOTS: TagSlots = { closed: null, full: null };

export type TaskRunRule = Rule<TaskRunTransition>;

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../../server/domain/orchestration/decide.ts";
import { coreFlowPolicy } from "../../../../server/domain/orchestration/flow-run-policies.ts";
import { leaseToEnd, mayHoldSlot } from "../../../../server/domain/orchestration/flow-run-rules/holding-slots.ts";
import type { FlowRunTransition } from "../../../../server/domain/orchestration/flow-run-transition.ts";
import { NO_POLICY } from "../../../../server/domain/orchestration/policy.ts";
import { isTerminal, type NewState, TERMINAL } from "../../../../server/domain/orchestration/state.ts";
import { STATE_TYPES } from "../../../../server/store/tables/flow-runs.ts";
import { asked, DEPLOYED, LEASE, LIMIT } from "./transition.ts";

const type = fc.constantFrom(...STATE_TYPES);

const newState: fc.Arbitrary<NewState> = fc.record({
  type,
  name: fc.constantFrom(undefined, "Pending", "Submitting", "Late", "AwaitingRetry", "Resuming", "Suspended"),
  data: fc.constantFrom(undefined, { type: "reference" }, { type: "unpersisted" }, 1),
  state_details: fc.record(
    {
      scheduled_time: fc.constantFrom("2026-11-21T11:00:00.000000Z", "2026-11-21T13:00:00.000000Z"),
      pause_reschedule: fc.boolean(),
      pause_timeout: fc.constantFrom("2026-11-21T11:00:00.000000Z", "2026-11-21T13:00:00.000000Z"),
      pause_key: fc.constantFrom("a", "b"),
      transition_id: fc.constantFrom(LIMIT, DEPLOYED.deployment_id),
      deployment_concurrency_lease_id: fc.constant(LEASE),
    },
    { requiredKeys: [] },
  ),
});

const transition: fc.Arbitrary<FlowRunTransition> = fc
  .record({
    current: fc.option(newState),
    proposed: newState,
    more: fc.record({
      run: fc.record({
        run_count: fc.integer({ min: 0, max: 3 }),
        deployment_id: fc.constantFrom(null, DEPLOYED.deployment_id),
        parent_task_run_id: fc.constantFrom(null, LEASE),
        infrastructure_pid: fc.constantFrom(null, "1"),
      }),
      policy: fc.record({
        retries: fc.constantFrom(null, 0, 2),
        resuming: fc.boolean(),
        pause_keys: fc.subarray(["a", "b"]),
      }),
      slots: fc.constantFrom(
        null,
        "missing" as const,
        ...([true, false] as const).flatMap((free) =>
          (["ENQUEUE", "CANCEL_NEW"] as const).map((onCollision) => ({
            limit: { id: LIMIT, most: 1, free, full: !free },
            onCollision,
            graceSeconds: 60,
          })),
        ),
      ),
      leased: fc.boolean(),
      client: fc.record({ renewsLeases: fc.boolean(), takesSlots: fc.boolean() }),
    }),
  })
  .map(({ current, proposed, more }) =>
    asked(current, proposed, { ...more, policy: { ...NO_POLICY, ...more.policy } }),
  );

const check = (rule: (requested: FlowRunTransition, decision: ReturnType<typeof decide<FlowRunTransition>>) => void) =>
  fc.assert(
    fc.property(transition, (transition) => rule(transition, decide(coreFlowPolicy, transition))),
    { numRuns: 2000 },
  );

describe("whatever is asked", () => {
  it("only an acceptance writes what was proposed, and only ABORT, WAIT and REJECT may write nothing", () => {
    check((transition, { status, state }) => {
      if (status === "ACCEPT") expect(state?.type).toBe(transition.proposed.type);
      if (status === "ABORT" || status === "WAIT") expect(state).toBeNull();
    });
  });

  it("nobody claims what is claimed, runs, is being stopped or was cancelled", () => {
    check((transition, { status, state }) => {
      if (transition.proposed.type !== "PENDING" || status !== "ACCEPT") return;
      expect(["RUNNING", "CANCELLING", "CANCELLED", "PAUSED"]).not.toContain(transition.current?.type);
      if (transition.current?.type !== "PENDING") return;
      expect(state?.name).not.toBe("Pending");
      expect(state?.name).not.toBe(transition.current.name);
    });
  });

  it("what has ended is neither paused, stopped nor crashed, and a kept result is never lost", () => {
    check((transition, { state }) => {
      if (!isTerminal(transition.current) || state === null) return;
      expect(["PAUSED", "CANCELLING", "CRASHED"]).not.toContain(state.type);
      if (transition.current?.type !== "COMPLETED" || transition.current.data !== '{"type":"reference"}') return;
      expect(TERMINAL.has(state.type)).toBe(true);
      if (state.type === "COMPLETED") expect(state.data).toBe('{"type":"reference"}');
    });
  });

  it("what is being stopped can only be cancelled", () => {
    check((transition, { state }) => {
      if (transition.current?.type === "CANCELLING" && state !== null) expect(state.type).toBe("CANCELLED");
    });
  });

  it("nobody runs before the time", () => {
    check((transition, { status }) => {
      const time = transition.current?.state_details.scheduled_time ?? null;
      if (transition.current?.type !== "SCHEDULED" && transition.current?.type !== "PENDING") return;
      if (transition.proposed.type === "RUNNING" && time !== null && time > transition.now)
        expect(status).not.toBe("ACCEPT");
    });
  });

  it("a slot is taken only when one is free, only for a state that may hold it, and never with one at hand", () => {
    check((transition, { state, effects }) => {
      const takes = effects.filter((effect) => effect.kind === "take-slot");
      expect(takes.length).toBeLessThanOrEqual(1);
      if (takes.length === 0) return;
      expect(transition.slots).toMatchObject({ limit: { free: true } });
      expect(mayHoldSlot(state)).toBe(true);
      expect(mayHoldSlot(transition.current) && transition.leased).toBe(false);
    });
  });

  it("a lease goes along as long as the run may hold a slot, and ends when it no longer may", () => {
    check((transition, { state }) => {
      const lease = transition.current?.state_details.deployment_concurrency_lease_id ?? null;
      if (lease === null || state === null || !mayHoldSlot(transition.current)) return;
      if (mayHoldSlot(state)) expect(state.state_details.deployment_concurrency_lease_id).not.toBeNull();
      expect(leaseToEnd(transition.current, state)).toBe(mayHoldSlot(state) ? null : lease);
    });
  });
});

import { describe, expect, it } from "vitest";
import { type Decision, decide } from "../../../../server/domain/orchestration/decide.ts";
import {
  coreFlowPolicy,
  markLateRunsPolicy,
  minimalFlowPolicy,
} from "../../../../server/domain/orchestration/flow-run-policies.ts";
import type {
  DeploymentSlots,
  FlowRunTransition,
} from "../../../../server/domain/orchestration/flow-run-transition.ts";
import { NO_POLICY } from "../../../../server/domain/orchestration/policy.ts";
import type { NewState } from "../../../../server/domain/orchestration/state.ts";
import { asked, DEPLOYED, LEASE, LIMIT } from "./transition.ts";

/** What is decided, in a few words: `ACCEPT RUNNING/Running`, `ABORT`, `WAIT 60`. */
function words({ status, state, delaySeconds }: Decision<FlowRunTransition>): string {
  return [
    status,
    ...(state === null ? [] : [`${state.type}/${state.name}`]),
    ...(delaySeconds === null ? [] : [delaySeconds]),
  ].join(" ");
}

function client(current: NewState | null, proposed: NewState, more: Partial<FlowRunTransition> = {}): string {
  return words(decide(coreFlowPolicy, asked(current, proposed, more)));
}

const result = { type: "reference", storage_key: "k" };

describe("a client that asks for a state", () => {
  it.each<[string, NewState | null, NewState, Partial<FlowRunTransition>, string]>([
    ["may set the first one", null, { type: "RUNNING" }, {}, "ACCEPT RUNNING/Running"],
    ["claims what is scheduled", { type: "SCHEDULED" }, { type: "PENDING" }, {}, "ACCEPT PENDING/Pending"],
    ["can't claim what has no place", { type: "SCHEDULED" }, { type: "PENDING" }, { reachedLimit: "pool" }, "ABORT"],
    ["can't claim what is claimed", { type: "PENDING" }, { type: "PENDING" }, {}, "ABORT"],
    ["can't claim what is submitted", { type: "PENDING", name: "Submitting" }, { type: "PENDING" }, {}, "ABORT"],
    [
      "goes on to submit what it claimed",
      { type: "PENDING" },
      { type: "PENDING", name: "Submitting" },
      {},
      "ACCEPT PENDING/Submitting",
    ],
    [
      "can't submit twice",
      { type: "PENDING", name: "Submitting" },
      { type: "PENDING", name: "Submitting" },
      {},
      "ABORT",
    ],
    ["can't claim what runs", { type: "RUNNING" }, { type: "PENDING" }, {}, "ABORT"],
    ["can't claim what was cancelled", { type: "CANCELLED" }, { type: "PENDING" }, {}, "ABORT"],
    ["may claim what failed", { type: "FAILED" }, { type: "PENDING" }, {}, "ACCEPT PENDING/Pending"],
    ["can't stop what has ended", { type: "FAILED" }, { type: "CANCELLING" }, {}, "ABORT"],
    ["can't crash what has ended", { type: "COMPLETED" }, { type: "CRASHED" }, {}, "ABORT"],
    [
      "may run again what has ended without a result",
      { type: "COMPLETED" },
      { type: "RUNNING" },
      {},
      "ACCEPT RUNNING/Running",
    ],
    ["can't run again what has a result", { type: "COMPLETED", data: result }, { type: "RUNNING" }, {}, "REJECT"],
    ["may fail what has a result", { type: "COMPLETED", data: result }, { type: "FAILED" }, {}, "ACCEPT FAILED/Failed"],
    ["can't take a result away", { type: "COMPLETED", data: result }, { type: "COMPLETED" }, {}, "REJECT"],
    [
      "may replace a result",
      { type: "COMPLETED", data: result },
      { type: "COMPLETED", data: result },
      {},
      "ACCEPT COMPLETED/Completed",
    ],
    ["can't reschedule without a deployment", { type: "FAILED" }, { type: "SCHEDULED" }, {}, "ABORT"],
    [
      "reschedules with a deployment",
      { type: "FAILED" },
      { type: "SCHEDULED" },
      { run: DEPLOYED },
      "ACCEPT SCHEDULED/Scheduled",
    ],
    ["can only cancel what is being cancelled", { type: "CANCELLING" }, { type: "COMPLETED" }, {}, "REJECT"],
    [
      "cancels what is being cancelled",
      { type: "CANCELLING" },
      { type: "CANCELLED" },
      {},
      "ACCEPT CANCELLED/Cancelled",
    ],
    [
      "cancels at once what has no process",
      { type: "SCHEDULED" },
      { type: "CANCELLING" },
      {},
      "REJECT CANCELLED/Cancelled",
    ],
    [
      "has a process stopped first",
      { type: "SCHEDULED" },
      { type: "CANCELLING" },
      { run: { ...DEPLOYED, infrastructure_pid: "1" } },
      "ACCEPT CANCELLING/Cancelling",
    ],
    [
      "cancels at once what waits to be resumed",
      { type: "SCHEDULED", name: "Resuming" },
      { type: "CANCELLING" },
      { run: { ...DEPLOYED, infrastructure_pid: "1" } },
      "REJECT CANCELLED/Cancelled",
    ],
    [
      "cancels at once what is suspended",
      { type: "PAUSED", state_details: { pause_reschedule: true } },
      { type: "CANCELLING" },
      { run: DEPLOYED },
      "REJECT CANCELLED/Cancelled",
    ],
    ["can't stop what is paused", { type: "PAUSED" }, { type: "CANCELLING" }, {}, "REJECT"],
    ["can only pause what runs", { type: "PENDING" }, { type: "PAUSED" }, {}, "REJECT"],
    ["can't pause what has no state", null, { type: "PAUSED" }, {}, "ABORT"],
    [
      "pauses what runs",
      { type: "RUNNING" },
      { type: "PAUSED", state_details: { pause_key: "k" } },
      {},
      "ACCEPT PAUSED/Paused",
    ],
    [
      "can't pause twice with one key",
      { type: "RUNNING" },
      { type: "PAUSED", state_details: { pause_key: "k" } },
      { policy: { ...NO_POLICY, pause_keys: ["k"] } },
      "REJECT",
    ],
    [
      "can't suspend without a deployment",
      { type: "RUNNING" },
      { type: "PAUSED", state_details: { pause_reschedule: true } },
      {},
      "ABORT",
    ],
    [
      "can't suspend a subflow",
      { type: "RUNNING" },
      { type: "PAUSED", state_details: { pause_reschedule: true } },
      { run: { ...DEPLOYED, parent_task_run_id: LEASE } },
      "ABORT",
    ],
    ["goes on after a pause", { type: "PAUSED" }, { type: "RUNNING" }, {}, "ACCEPT RUNNING/Running"],
    ["can't claim what is paused", { type: "PAUSED" }, { type: "PENDING" }, {}, "REJECT"],
    [
      "fails after too long a pause",
      { type: "PAUSED", state_details: { pause_timeout: "2026-11-21T11:59:59.999999Z" } },
      { type: "RUNNING" },
      {},
      "REJECT FAILED/Failed",
    ],
    [
      "can't take up again what is suspended without a deployment",
      { type: "PAUSED", state_details: { pause_reschedule: true } },
      { type: "SCHEDULED" },
      {},
      "REJECT",
    ],
    [
      "calls late what is scheduled",
      { type: "SCHEDULED" },
      { type: "SCHEDULED", name: "Late" },
      {},
      "ACCEPT SCHEDULED/Late",
    ],
    ["calls late only once", { type: "SCHEDULED", name: "Late" }, { type: "SCHEDULED", name: "Late" }, {}, "REJECT"],
    ["can't call late what runs", { type: "RUNNING" }, { type: "SCHEDULED", name: "Late" }, {}, "REJECT"],
    [
      "waits for the time",
      { type: "PENDING", state_details: { scheduled_time: "2026-11-21T12:00:59.400000Z" } },
      { type: "RUNNING" },
      {},
      "WAIT 59",
    ],
    [
      "does not wait for less than half a second",
      { type: "PENDING", state_details: { scheduled_time: "2026-11-21T12:00:00.400000Z" } },
      { type: "RUNNING" },
      {},
      "ACCEPT RUNNING/Running",
    ],
    [
      "retries what has tries left",
      { type: "RUNNING" },
      { type: "FAILED" },
      { policy: { ...NO_POLICY, retries: 1 }, run: { ...DEPLOYED, run_count: 1 } },
      "REJECT SCHEDULED/AwaitingRetry",
    ],
    [
      "fails what has none left",
      { type: "RUNNING" },
      { type: "FAILED" },
      { policy: { ...NO_POLICY, retries: 1 }, run: { ...DEPLOYED, run_count: 2 } },
      "ACCEPT FAILED/Failed",
    ],
    [
      "is told that a repeated request was heard",
      { type: "RUNNING", state_details: { transition_id: LEASE } },
      { type: "RUNNING", state_details: { transition_id: LEASE } },
      {},
      "REJECT",
    ],
  ])("%s", (_, current, proposed, more, expected) => {
    expect(client(current, proposed, more)).toBe(expected);
  });

  it("gets the scheduled time carried from SCHEDULED to PENDING and on to Submitting", () => {
    const scheduled_time = "2026-11-21T11:00:00.000000Z";
    const details = { state_details: { scheduled_time } };
    const pending = decide(coreFlowPolicy, asked({ type: "SCHEDULED", ...details }, { type: "PENDING" }));
    const submitting = decide(
      coreFlowPolicy,
      asked({ type: "PENDING", ...details }, { type: "PENDING", name: "Submitting" }),
    );
    expect(pending.state?.state_details.scheduled_time).toBe(scheduled_time);
    expect(submitting.state?.state_details.scheduled_time).toBe(scheduled_time);
  });

  it("has a retry wait in its own process, with pauses forgotten", () => {
    const policy = { ...NO_POLICY, retries: 1, retry_delay: 90, pause_keys: ["k"], resuming: true };
    const { state, transition } = decide(
      coreFlowPolicy,
      asked({ type: "RUNNING" }, { type: "FAILED", message: "m" }, { policy }),
    );
    expect(state).toMatchObject({ message: "m", state_details: { scheduled_time: "2026-11-21T12:01:30.000000Z" } });
    expect(transition.policy).toEqual({ ...policy, pause_keys: [], resuming: false, retry_type: "in_process" });
  });

  it("has a re-run forget pauses, unless the re-run is refused by a later rule", () => {
    const policy = { ...NO_POLICY, pause_keys: ["k"], resuming: true };
    const again = decide(coreFlowPolicy, asked({ type: "FAILED" }, { type: "RUNNING" }, { policy }));
    expect(again.transition.policy).toEqual({ ...policy, pause_keys: [], resuming: false, retry_type: null });
    const slots: DeploymentSlots = {
      limit: { id: LIMIT, most: 1, free: false, full: true },
      onCollision: "ENQUEUE",
      graceSeconds: 60,
    };
    const full = decide(
      coreFlowPolicy,
      asked({ type: "FAILED" }, { type: "PENDING" }, { policy, slots, run: DEPLOYED }),
    );
    expect(full.transition.policy).toEqual(policy);
  });
});

describe("a client that insists", () => {
  const forced = (current: NewState, proposed: NewState) => words(decide(minimalFlowPolicy, asked(current, proposed)));

  it("may do almost anything", () => {
    expect(forced({ type: "CANCELLING" }, { type: "RUNNING" })).toBe("ACCEPT RUNNING/Running");
    expect(forced({ type: "COMPLETED", data: result }, { type: "RUNNING" })).toBe("ACCEPT RUNNING/Running");
    expect(forced({ type: "PENDING" }, { type: "PENDING" })).toBe("ACCEPT PENDING/Pending");
  });

  it("can't take a result away, nor stop what has no process", () => {
    expect(forced({ type: "COMPLETED", data: result }, { type: "COMPLETED" })).toBe("REJECT");
    expect(forced({ type: "SCHEDULED" }, { type: "CANCELLING" })).toBe("REJECT CANCELLED/Cancelled");
  });
});

describe("a slot of the deployment", () => {
  const slots = (
    limit: Partial<NonNullable<DeploymentSlots["limit"]>>,
    onCollision: DeploymentSlots["onCollision"] = "ENQUEUE",
  ): DeploymentSlots => ({
    limit: { id: LIMIT, most: 1, free: true, full: false, ...limit },
    onCollision,
    graceSeconds: 60,
  });
  const claim = (slots: DeploymentSlots | "missing", more: Partial<FlowRunTransition> = {}) =>
    decide(coreFlowPolicy, asked({ type: "SCHEDULED" }, { type: "PENDING" }, { run: DEPLOYED, slots: slots, ...more }));
  const leased = { state_details: { deployment_concurrency_lease_id: LEASE } };

  it("is taken with the claim", () => {
    const decision = claim(slots({}));
    expect(words(decision)).toBe("ACCEPT PENDING/Pending");
    expect(decision.effects).toEqual([{ kind: "take-slot", limitId: LIMIT, seconds: 60 }]);
  });

  it.each([
    ["is waited for when there is none", slots({ free: false }), "REJECT SCHEDULED/AwaitingConcurrencySlot"],
    [
      "is not waited for when new runs are cancelled",
      slots({ free: false }, "CANCEL_NEW"),
      "REJECT CANCELLED/Cancelled",
    ],
    ["can never be had of a limit of 0", slots({ most: 0, free: false }), "ABORT"],
    ["can't be had of a deployment that is gone", "missing" as const, "ABORT"],
  ])("%s", (_, slots, expected) => {
    const decision = claim(slots);
    expect(words(decision)).toBe(expected);
    expect(decision.effects).toEqual([]);
  });

  it("is waited for half a minute", () => {
    expect(claim(slots({ free: false })).state?.state_details.scheduled_time).toBe("2026-11-21T12:00:30.000000Z");
  });

  it("is left to workers that take slots by themselves", () => {
    const decision = claim(slots({ free: false }), { client: { renewsLeases: false, takesSlots: true } });
    expect(words(decision)).toBe("ACCEPT PENDING/Pending");
    expect(decision.effects).toEqual([]);
  });

  it("is not taken twice on the way to RUNNING, and its lease goes along", () => {
    const submitting = decide(
      coreFlowPolicy,
      asked(
        { type: "PENDING", ...leased },
        { type: "PENDING", name: "Submitting" },
        { run: DEPLOYED, slots: slots({}) },
      ),
    );
    expect(submitting.effects).toEqual([]);
    expect(submitting.state?.state_details.deployment_concurrency_lease_id).toBe(LEASE);
    const running = decide(
      coreFlowPolicy,
      asked({ type: "PENDING", ...leased }, { type: "RUNNING" }, { run: DEPLOYED, slots: slots({}), leased: true }),
    );
    expect(running.effects).toEqual([{ kind: "renew-lease", leaseId: LEASE, seconds: 60 }]);
    expect(running.state?.state_details.deployment_concurrency_lease_id).toBe(LEASE);
  });

  it("is taken again when it was lost on the way, if there is one", () => {
    const start = (slots: DeploymentSlots) =>
      decide(
        coreFlowPolicy,
        asked({ type: "PENDING", ...leased }, { type: "RUNNING" }, { run: DEPLOYED, slots: slots }),
      );
    expect(start(slots({})).effects).toEqual([{ kind: "take-slot", limitId: LIMIT, seconds: 60 }]);
    expect(words(start(slots({ free: false })))).toBe("REJECT CANCELLED/Cancelled");
  });

  it("is held as good as for ever by clients that don't renew", () => {
    const decision = decide(
      coreFlowPolicy,
      asked(
        { type: "PENDING", ...leased },
        { type: "RUNNING" },
        { run: DEPLOYED, slots: slots({}), client: { renewsLeases: false, takesSlots: false } },
      ),
    );
    expect(decision.effects).toEqual([{ kind: "renew-lease", leaseId: LEASE, seconds: 100 * 365 * 86_400 }]);
  });

  it("cancels late runs when there is none and new runs are cancelled", () => {
    const late = (slots: DeploymentSlots) =>
      words(
        decide(
          markLateRunsPolicy,
          asked({ type: "SCHEDULED" }, { type: "SCHEDULED", name: "Late" }, { run: DEPLOYED, slots: slots }),
        ),
      );
    expect(late(slots({ full: true }, "CANCEL_NEW"))).toBe("REJECT CANCELLED/Cancelled");
    expect(late(slots({ full: true }))).toBe("ACCEPT SCHEDULED/Late");
    expect(late(slots({}, "CANCEL_NEW"))).toBe("ACCEPT SCHEDULED/Late");
  });
});

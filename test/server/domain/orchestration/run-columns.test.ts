import { describe, expect, it } from "vitest";
import {
  INITIAL_COLUMNS,
  runColumnsAfter,
  withLaterTimestamp,
} from "../../../../server/domain/orchestration/run-columns.ts";
import { type NewState, propose, type State } from "../../../../server/domain/orchestration/state.ts";

function at(second: number, newState: NewState): State {
  const timestamp = `2026-11-21T12:00:${String(second).padStart(2, "0")}.000000Z`;
  return {
    ...propose(newState, timestamp),
    id: `00000000-0000-7000-8000-0000000000${String(second).padStart(2, "0")}`,
  };
}

/** What a run keeps after all these states. */
function keptAfter(states: State[], resuming = false) {
  let kept = INITIAL_COLUMNS;
  let before: State | null = null;
  for (const state of states) {
    kept = runColumnsAfter(kept, before, state, resuming);
    before = state;
  }
  return kept;
}

describe("a run", () => {
  const scheduled = at(0, { type: "SCHEDULED", state_details: { scheduled_time: "2026-11-21T13:00:00.000000Z" } });

  it("is expected when its first state says so", () => {
    expect(keptAfter([scheduled])).toMatchObject({
      state_type: "SCHEDULED",
      state_name: "Scheduled",
      expected_start_time: "2026-11-21T13:00:00.000000Z",
      next_scheduled_start_time: "2026-11-21T13:00:00.000000Z",
      start_time: null,
    });
    expect(keptAfter([at(3, { type: "PENDING" })]).expected_start_time).toBe("2026-11-21T12:00:03.000000Z");
  });

  it("has a next start only while it is scheduled", () => {
    expect(keptAfter([scheduled, at(1, { type: "PENDING" })])).toMatchObject({
      next_scheduled_start_time: null,
      expected_start_time: "2026-11-21T13:00:00.000000Z",
    });
  });

  it("starts when it first runs, and counts its attempts and its time", () => {
    const kept = keptAfter([
      scheduled,
      at(1, { type: "RUNNING" }),
      at(4, { type: "SCHEDULED", name: "AwaitingRetry" }),
      at(5, { type: "RUNNING" }),
      at(7, { type: "COMPLETED" }),
    ]);
    expect(kept).toMatchObject({
      start_time: "2026-11-21T12:00:01.000000Z",
      end_time: "2026-11-21T12:00:07.000000Z",
      run_count: 2,
      total_run_time: 5,
    });
  });

  it("starts when it ends, if it never ran", () => {
    expect(keptAfter([scheduled, at(2, { type: "CANCELLED" })])).toMatchObject({
      start_time: "2026-11-21T12:00:02.000000Z",
      end_time: "2026-11-21T12:00:02.000000Z",
    });
  });

  it("has no end any more when it goes on, and keeps its first end otherwise", () => {
    const failed = [at(1, { type: "RUNNING" }), at(2, { type: "FAILED" })];
    expect(keptAfter([...failed, at(3, { type: "RUNNING" })]).end_time).toBeNull();
    expect(keptAfter([...failed, at(3, { type: "COMPLETED" })]).end_time).toBe("2026-11-21T12:00:02.000000Z");
  });

  it("does not count going on after a pause as another attempt", () => {
    expect(keptAfter([at(1, { type: "RUNNING" })], true).run_count).toBe(0);
  });

  it("has states that differ in time, also when the clock stands or goes back", () => {
    const before = at(5, { type: "PENDING" });
    expect(withLaterTimestamp(at(5, { type: "RUNNING" }), before).timestamp).toBe("2026-11-21T12:00:05.000001Z");
    expect(withLaterTimestamp(at(1, { type: "RUNNING" }), before).timestamp).toBe("2026-11-21T12:00:05.000001Z");
    expect(withLaterTimestamp(at(6, { type: "RUNNING" }), before).timestamp).toBe("2026-11-21T12:00:06.000000Z");
  });
});

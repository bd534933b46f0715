import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstFree, type Ranked, rerank } from "../../../../server/domain/work-pools/priorities.ts";

/** Queues in their order: distinct priorities from 1, with gaps. */
const queues = fc
  .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 })
  .map((priorities) =>
    priorities.sort((a, b) => a - b).map((priority, index): Ranked => ({ id: `q${index}`, priority })),
  );

function apply(before: readonly Ranked[], changed: Ranked): Ranked[] {
  const moved = new Map(rerank(before, changed).map(({ id, priority }) => [id, priority]));
  const after = before.some((queue) => queue.id === changed.id) ? [...before] : [...before, changed];
  return after
    .map(({ id, priority }) => ({ id, priority: moved.get(id) ?? priority }))
    .sort((a, b) => a.priority - b.priority);
}

describe("re-ranking", () => {
  it("gives the changed queue what it asked for, keeps the others' order, and leaves no two alike", () => {
    fc.assert(
      fc.property(queues, fc.nat(12), fc.integer({ min: 1, max: 31 }), (before, index, priority) => {
        const id = before[index]?.id ?? "new";
        const after = apply(before, { id, priority });
        expect(after.find((queue) => queue.id === id)?.priority).toBe(priority);
        const others = (list: readonly Ranked[]) => list.map((queue) => queue.id).filter((other) => other !== id);
        expect(others(after)).toEqual(others(before));
        expect(new Set(after.map((queue) => queue.priority)).size).toBe(after.length);
      }),
    );
  });

  it("moves nobody down, and nobody by more than one place", () => {
    fc.assert(
      fc.property(queues, fc.integer({ min: 1, max: 31 }), (before, priority) => {
        const after = new Map(apply(before, { id: "new", priority }).map((queue) => [queue.id, queue.priority]));
        for (const queue of before) {
          const by = (after.get(queue.id) ?? 0) - queue.priority;
          expect(by === 0 || by === 1).toBe(true);
        }
      }),
    );
  });

  it("touches nobody when the place is free", () => {
    expect(
      rerank(
        [
          { id: "a", priority: 1 },
          { id: "b", priority: 5 },
        ],
        { id: "c", priority: 3 },
      ),
    ).toEqual([{ id: "c", priority: 3 }]);
  });

  it("mends priorities that are alike, as the old routes can leave them", () => {
    const alike = [
      { id: "a", priority: 1 },
      { id: "b", priority: 1 },
      { id: "c", priority: 2 },
    ];
    expect(rerank(alike, { id: "d", priority: 9 })).toEqual([
      { id: "b", priority: 2 },
      { id: "c", priority: 3 },
      { id: "d", priority: 9 },
    ]);
  });
});

describe("the first free place", () => {
  it.each([
    [[], 1],
    [[1, 2, 3], 4],
    [[2, 3], 1],
    [[1, 3, 10], 2],
    [[1, 1, 2], 3],
  ])("after %j is %i", (taken, free) => {
    expect(firstFree(taken)).toBe(free);
  });
});

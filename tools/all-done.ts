/** Waits for all, also when one fails: nothing may still be at work when the caller cleans up. Throws: the first failure. */
export async function allDone<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(tasks);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

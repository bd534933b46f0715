/** Runs works of different names side by side, and one of each name at a time: who comes while it runs is sent away. */
export function turnsByName(): (name: string, work: () => Promise<unknown>) => Promise<boolean> {
  const running = new Set<string>();
  return async (name, work) => {
    if (running.has(name)) return false;
    running.add(name);
    try {
      return (await work()) !== false;
    } finally {
      running.delete(name);
    }
  };
}

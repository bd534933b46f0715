/** Service locks of one process: work of different names runs side by side, of one name one at a time. Resolves to whether the work ran: not
 *  when the lock is held, nor when the work itself resolves to false. */
export function localServiceLocks(): (name: string, work: () => Promise<unknown>) => Promise<boolean> {
  const held = new Set<string>();
  return async (name, work) => {
    if (held.has(name)) return false;
    held.add(name);
    try {
      return (await work()) !== false;
    } finally {
      held.delete(name);
    }
  };
}

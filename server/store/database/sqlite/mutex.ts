/** Lets users of one thing in, one after the other, in the order they came. */
export interface Turns {
  acquire<T>(thing: T): Promise<T>;
  release(): void;
  /** Runs `work` as one turn. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function turns(): Turns {
  const waiting: (() => void)[] = [];
  let busy = false;
  const enter = async (): Promise<void> => {
    if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
    busy = true;
  };
  const release = (): void => {
    const next = waiting.shift();
    // Stays busy when somebody waits: nobody who comes in between may pass.
    if (next === undefined) busy = false;
    else next();
  };
  return {
    async acquire(thing) {
      await enter();
      return thing;
    },
    release,
    async take(work) {
      await enter();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

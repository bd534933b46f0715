/** Lets users of one connection in, one after the other, in the order they came. */
export interface Mutex {
  acquire(): Promise<void>;
  release(): void;
  /** Runs `work` while nobody else is in. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function mutex(): Mutex {
  const waiting: (() => void)[] = [];
  let locked = false;
  const acquire = async (): Promise<void> => {
    if (locked) await new Promise<void>((resolve) => waiting.push(resolve));
    locked = true;
  };
  const release = (): void => {
    const next = waiting.shift();
    // Stays locked when others wait: a newcomer must not overtake them.
    if (next === undefined) locked = false;
    else next();
  };
  return {
    acquire,
    release,
    async run(work) {
      await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

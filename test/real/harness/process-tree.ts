import { spawnSync } from "node:child_process";

/** A process that was there at a moment. */
interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** What a process has started, and what that has started, now. Workers give each flow run a session of its own, which signals to
 *  the worker's group do not reach. */
export class ProcessTree {
  readonly #descendants: readonly Seen[];

  private constructor(descendants: readonly Seen[]) {
    this.#descendants = descendants;
  }

  static below(pid: number): ProcessTree {
    const all = processes();
    const family = new Set([pid]);
    // Parents come before their children often, but not always.
    for (let size = 0; size < family.size; ) {
      size = family.size;
      for (const process of all) if (family.has(process.parent)) family.add(process.pid);
    }
    return new ProcessTree(all.filter((process) => process.pid !== pid && family.has(process.pid)));
  }

  /** Ends at once what is left of it. */
  kill(): void {
    if (this.#descendants.length === 0) return;
    const left = processes();
    for (const { pid, group } of this.#descendants) {
      // Another process may have the number by now.
      if (left.some((process) => process.pid === pid && process.group === group)) kill(pid);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function processes(): Seen[] {
  const { stdout, status } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
  if (status !== 0) throw new Error("ps does not list the processes");
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
    return pid && parent !== undefined && group !== undefined ? [{ pid, parent, group }] : [];
  });
}

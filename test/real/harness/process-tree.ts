import { spawnSync } from "node:child_process";

/** A process in a snapshot of the process table. */
interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** A snapshot of the descendants of a process. Workers start each flow run in a session of its own, which signals to the worker's
 *  process group do not reach. */
export class ProcessTree {
  readonly #descendants: readonly ProcessEntry[];

  private constructor(descendants: readonly ProcessEntry[]) {
    this.#descendants = descendants;
  }

  static below(pid: number): ProcessTree {
    const all = processes();
    const family = new Set([pid]);
    // Parents are not always listed before their children.
    for (let size = 0; size < family.size; ) {
      size = family.size;
      for (const process of all) if (family.has(process.parent)) family.add(process.pid);
    }
    return new ProcessTree(all.filter((process) => process.pid !== pid && family.has(process.pid)));
  }

  /** Kills those that still run. */
  kill(): void {
    if (this.#descendants.length === 0) return;
    const left = processes();
    for (const { pid, group } of this.#descendants) {
      // The pid may have been reused.
      if (left.some((process) => process.pid === pid && process.group === group)) kill(pid);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function processes(): ProcessEntry[] {
  const { stdout, status } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
  if (status !== 0) throw new Error("ps does not list the processes");
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
    return pid && parent !== undefined && group !== undefined ? [{ pid, parent, group }] : [];
  });
}

import { spawnSync } from "node:child_process";

interface Row {
  pid: number;
  parent: number;
  residentBytes: number;
}

/** Resident memory of a process and all its descendants. Shared pages count once for each process. */
export function residentBytes(pid: number): number {
  const { stdout, status } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  if (status !== 0) throw new Error("ps does not list the processes");
  const rows = stdout.split("\n").flatMap(readRow);
  const family = new Set([pid]);
  // Parents are often listed before their children, but not always.
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
  }
  return rows.filter((row) => family.has(row.pid)).reduce((sum, row) => sum + row.residentBytes, 0);
}

function readRow(line: string): Row[] {
  const [pid, parent, kilobytes] = line.trim().split(/\s+/).map(Number);
  return pid && parent !== undefined && kilobytes !== undefined
    ? [{ pid, parent, residentBytes: kilobytes * 1024 }]
    : [];
}

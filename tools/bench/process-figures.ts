import { spawnSync } from "node:child_process";

interface Row {
  pid: number;
  parent: number;
  residentBytes: number;
}

/** Memory that a process and all it started have resident. Pages they share count once for each. */
export function residentBytes(pid: number): number {
  const { stdout, status } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  if (status !== 0) throw new Error("ps does not say what processes weigh");
  const rows = stdout.split("\n").flatMap(readRow);
  const family = new Set([pid]);
  // Parents come before their children often, but not always.
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

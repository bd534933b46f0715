import { cpus, loadavg, release, totalmem, type } from "node:os";

/** What figures depend on, in a line or two. */
export function machineFacts(): string[] {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} × ${cpu?.model ?? "unknown processor"}, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`,
    `load average at the start: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  ];
}

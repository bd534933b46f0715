import { cpus, loadavg, release, totalmem, type } from "node:os";

/** Processor, memory, operating system, Node version and load, in two lines. */
export function describeMachine(): string[] {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} × ${cpu?.model ?? "unknown processor"}, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`,
    `load average at the start: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  ];
}

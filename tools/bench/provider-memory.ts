import { readdirSync, readFileSync } from "node:fs";

/** Peak resident memory of the provider processes that this process starts, directly or indirectly, in MB. Samples /proc: `undefined`
 *  where there is none. */
export class ProviderMemory implements Disposable {
  #peakKb = 0;
  readonly #timer = setInterval(() => this.#sample(), 50);

  peakMb(): number | undefined {
    return this.#peakKb === 0 ? undefined : Math.round(this.#peakKb / 1024);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    for (const pid of processes()) {
      const command = read(`/proc/${pid}/cmdline`);
      if (!/pulumi-resource-prefect|plugin\.cjs|dynamic-provider/.test(command)) continue;
      // The kernel's high-water mark: peaks between two samples count, too.
      const peak = Number(read(`/proc/${pid}/status`).match(/^VmHWM:\s+(\d+)/m)?.[1] ?? 0);
      this.#peakKb = Math.max(this.#peakKb, peak);
    }
  }
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}

/** Empty when the process has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

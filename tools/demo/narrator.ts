import { styleText } from "node:util";

/** Prints the demo: titles, sentences, the CLI's output with a bar in front, and the result of each check. */
export class Narrator {
  readonly #checks: { text: string; held: boolean }[] = [];
  #steps = 0;

  title(text: string): void {
    this.#steps += 1;
    console.log(`\n${styleText("bold", `${this.#steps}. ${text}`)}`);
  }

  say(text: string): void {
    console.log(text);
  }

  /** Output of another program. */
  readonly quote = (chunk: string): void => {
    for (const line of chunk.split("\n")) {
      if (line.trim() !== "") console.log(styleText("dim", "  │ ") + line);
    }
  };

  /** Prints a claim of the project and whether it was true. */
  check(text: string, held: boolean): void {
    this.#checks.push({ text, held });
    console.log(held ? styleText("green", `  ✓ ${text}`) : styleText("red", `  ✗ ${text}`));
  }

  /** Waits for something slow, and prints the time every few seconds. */
  async during<T>(text: string, work: Promise<T>): Promise<T> {
    const start = Date.now();
    const seconds = () => Math.round((Date.now() - start) / 1000);
    process.stdout.write(`${text} …`);
    const ticking = setInterval(() => process.stdout.write(` ${seconds()} s …`), 5_000);
    try {
      const result = await work;
      console.log(` done (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      console.log(" failed");
      throw error;
    } finally {
      clearInterval(ticking);
    }
  }

  /** Prints all checks. Returns whether all of them passed. */
  summary(): boolean {
    const failed = this.#checks.filter(({ held }) => !held);
    console.log(styleText("bold", "\nWhat was proved"));
    for (const { text, held } of this.#checks) console.log(`  ${held ? "✓" : "✗ NOT TRUE:"} ${text}`);
    console.log(
      failed.length === 0
        ? `\nAll ${this.#checks.length} checks held.`
        : `\n${failed.length} of ${this.#checks.length} checks did not hold.`,
    );
    return failed.length === 0 && this.#checks.length > 0;
  }
}

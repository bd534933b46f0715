import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { areas } from "./areas.ts";
import { clientOf } from "./client.ts";
import { comparable } from "./step.ts";

/** Writes down in test/fixtures/prefect-answers what a real Prefect answers, for recorded.test.ts:
 *
 *    node test/conformance/record.ts http://127.0.0.1:4200/api ["flow runs" …]
 *
 *  Nothing is left behind on that server. */
const [url, ...only] = process.argv.slice(2);
if (url === undefined) throw new Error("say the API of a running Prefect, for instance http://127.0.0.1:4200/api");
const client = clientOf(url);
try {
  for (const [area, steps] of Object.entries(areas)) {
    if (only.length > 0 && !only.includes(area)) continue;
    client.begin();
    const lines: string[] = [];
    for (const step of steps) {
      const answer = comparable(step, await client.send(step), client.prefix);
      lines.push(`${JSON.stringify(step.title)}: ${JSON.stringify(answer)}`);
    }
    const file = join(import.meta.dirname, "..", "fixtures", "prefect-answers", `${area.replaceAll(" ", "-")}.json`);
    writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
    console.log(`${area}: ${steps.length} answers`);
  }
} finally {
  await client.cleanUp();
}

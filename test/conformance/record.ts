import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { areas } from "./areas.ts";
import { createClient } from "./client.ts";
import { comparable } from "./step.ts";

/** Records the responses of a real Prefect in test/fixtures/prefect-answers, for recorded.test.ts:
 *
 *    node test/conformance/record.ts http://127.0.0.1:4200/api ["flow runs" …]
 *
 *  All objects that it creates there are deleted again. */
const [url, ...only] = process.argv.slice(2);
if (url === undefined)
  throw new Error(
    "usage: record.ts API [areas], with the API of a running Prefect, for instance http://127.0.0.1:4200/api",
  );
const client = createClient(url);
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
    console.log(`${area}: ${steps.length} responses`);
  }
} finally {
  await client.cleanUp();
}

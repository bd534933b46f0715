import { openStore } from "../../../server/index.ts";

/** Writes rows into the file it is given, four at a time, and prints each one's name once it is acknowledged. Until it is killed. */
const store = await openStore(process.argv[2] ?? "");
const time = "2026-11-21T12:00:00.000000Z";

await Promise.all(
  [0, 1, 2, 3].map(async (writer) => {
    for (let count = 0; ; count++) {
      const name = `row-${writer}-${count}.`;
      const row = { id: name, created: time, updated: time, name, value: "1", tags: "[]" };
      await store.write((tx) => tx.insertInto("variable").values(row).execute());
      process.stdout.write(`${name}\n`);
    }
  }),
);

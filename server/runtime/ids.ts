import { randomBytes, randomUUID } from "node:crypto";

/** Makes new UUIDs. As in upstream, most rows have random ones (v4); states, logs and scheduled runs have time-ordered ones (v7). */
export interface Ids {
  uuid4(): string;
  uuid7(): string;
}

export function randomIds(): Ids {
  return { uuid4: randomUUID, uuid7: timeOrderedUuid };
}

/** UUIDs that count up, for tests. */
export function countingIds(): Ids {
  let count = 0;
  const next = (version: 4 | 7) => {
    count += 1;
    return `00000000-0000-${version}000-8000-${count.toString(16).padStart(12, "0")}`;
  };
  return { uuid4: () => next(4), uuid7: () => next(7) };
}

let lastMs = 0;
let sequence = 0;

/** RFC 9562 version 7, with a 12-bit counter within each millisecond, so that ids sort in the order of their creation. */
function timeOrderedUuid(): string {
  const ms = Date.now();
  if (ms > lastMs) {
    lastMs = ms;
    sequence = 0;
  } else if (sequence === 0xfff) {
    lastMs += 1;
    sequence = 0;
  } else sequence += 1;
  const time = lastMs.toString(16).padStart(12, "0");
  const random = randomBytes(8);
  random[0] = ((random[0] as number) & 0x3f) | 0x80;
  const tail = random.toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, "0")}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

import type { Random } from "./random.ts";

/** JSON as it is to be sent, for what JSON.stringify would not write. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** JSON.stringify that writes Raw as it is. */
export function write(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

const TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udfff\ud800",
  "\u202e\u0301",
  "😀".repeat(50),
  "%",
  "_",
  "\\",
  "\\'\"`;--",
  "'; drop table flow_run; --",
  "a/b",
  "..",
  "%00",
  "%2e%2e%2f",
  "[",
  "[[:alpha:]",
  "[z-a]",
  "(a+)+$",
  "*".repeat(60),
  "prefect.*",
  "{{ x }}",
  "{{ prefect.blocks.secret.none }}",
  "$ref",
  "__proto__",
  "constructor",
  "tag:x",
  "deployment:00000000-0000-0000-0000-000000000000",
  "00000000-0000-0000-0000-000000000000",
  "{00000000-0000-0000-0000-00000000000g}",
  "NaN",
  "Infinity",
  "1e400",
  "9".repeat(400),
  "null",
  "true",
  "0000-00-00T00:00:00Z",
  "0001-01-01T00:00:00+14:00",
  "9999-12-31T23:59:59.999999999-23:59",
  "+275760-09-13T00:00:00Z",
  "2026-02-30",
  "2026-11-21 12:00:00+00:00",
  "* * * * *",
  "0 0 31 2 *",
  "@yearly",
  "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
  "FREQ=SECONDLY;COUNT=1000000000",
  "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY",
  "Mars/Olympus",
  "x".repeat(3000),
];

const RAWS = [
  "1e999",
  "-1e999",
  "-0",
  "1e-400",
  "9007199254740993",
  "1".repeat(300),
  "1".repeat(5000),
  '{"type":"object","id":12345678901234567890,"properties":{"a":{"minimum":-9223372036854775809,"default":[18446744073709551616]}}}',
  '{"__proto__":{"polluted":true}}',
  '{"__proto__":1,"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2}',
  `${"[".repeat(300)}${"]".repeat(300)}`,
  `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
];

const NUMBERS = [0, -1, 1, 0.5, -0.1, 2147483647, 2147483648, -2147483649, 1e15, 1e308, 5e-324, 86400, 1e9];

/** A value that nobody should send. */
export function hostile(random: Random): unknown {
  const kinds: (() => unknown)[] = [
    () => random.pick(TEXTS),
    () => random.pick(TEXTS),
    () => random.pick(NUMBERS),
    () => new Raw(random.pick(RAWS)),
    () => random.pick([null, true, false]),
    () => random.pick([[], {}, [null], [[]], { "": null }]),
    () => Array.from({ length: 1 + random.below(300) }, () => random.pick<unknown>([0, "x", null, {}])),
    () => Object.fromEntries(Array.from({ length: 1 + random.below(30) }, (_, at) => [random.pick(TEXTS) + at, at])),
    () => "long ".repeat(random.below(20_000)),
    // Long, and nothing a database could compress.
    () => Array.from({ length: 700 }, () => random.next().toString(36).slice(2)).join(""),
    () => ({ type: random.pick(["SCHEDULED", "PAUSED", "none"]), $ref: random.pick(TEXTS) }),
    () => ({ $ref: { block_document_id: random.pick(TEXTS) } }),
    () => ({ __prefect_kind: random.pick(["json", "jinja", "workspace_variable", "x"]), value: random.pick(TEXTS) }),
  ];
  return random.pick(kinds)();
}

export function hostileText(random: Random): string {
  return random.pick(TEXTS);
}

/** A body that is no JSON, or is more than anybody reads. */
export function brokenBody(random: Random): string {
  return random.pick([
    "{",
    '{"a": }',
    "[1,]",
    "nul",
    "\ufeff{}",
    "'",
    `"${"a".repeat(1000)}`,
    "{}{}",
    "[".repeat(100_000),
    '{"a":'.repeat(100_000),
    "\u0000",
  ]);
}

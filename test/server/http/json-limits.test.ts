import { expect, it } from "vitest";
import { limitExceeded } from "../../../server/http/request/json-limits.ts";

const padding = `"${" ".repeat(1000)}"`;
const nested = (depth: number, inside: string) => `${"[".repeat(depth)}${padding},${inside}${"]".repeat(depth)}`;
const list = (length: number) => `[${Array(length).fill("0").join(",")}]`;

it("tells what nests too deep, and what holds too many values", () => {
  expect(limitExceeded(nested(500, "0"))).toBeUndefined();
  expect(limitExceeded(nested(501, "0"))).toBe("depth");
  expect(limitExceeded(list(1_000_000))).toBeUndefined();
  expect(limitExceeded(list(1_000_001))).toBe("values");
  expect(limitExceeded(`[${"{},".repeat(500_000)}0]`)).toBe("values");
});

it("does not count what stands in text, however the text ends", () => {
  for (const text of ['"', '\\"', '\\\\"', '\\\\\\"', '\\"\\"', ""]) {
    const inText = JSON.stringify(`${text}${"[".repeat(600)}${text}`);
    expect(limitExceeded(nested(400, inText))).toBeUndefined();
    expect(limitExceeded(nested(400, `${inText},${"[".repeat(101)}`))).toBe("depth");
  }
});

it("reads text that never ends, and nothing at all", () => {
  expect(limitExceeded(`"${"[".repeat(2000)}`)).toBeUndefined();
  expect(limitExceeded("")).toBeUndefined();
});

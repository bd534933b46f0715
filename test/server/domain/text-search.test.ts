import { expect, it } from "vitest";
import { parseTextSearch, textMatches } from "../../../server/domain/text-search.ts";

/** From prefect 3.8.4, `parse_text_search_query`: what may be, must not be, must be. */
it.each([
  ["a b", ["a", "b"], [], []],
  ["-a !b +c d", ["d"], ["a", "b"], ["c"]],
  ['"a b" c', ["a b", "c"], [], []],
  ['+"x y" -"z"', [], ["z"], ["x y"]],
  ['"un closed', ["un closed"], [], []],
  ["- + !", [], [], []],
  ["a-b c!d", ["a-b", "c!d"], [], []],
  ['"a \\"q\\" \\\\ b"', ['a "q" \\ b'], [], []],
  ['""', [], [], []],
  ["+a+b", [], [], ["a+b"]],
  ["--x", [], ["-x"], []],
  ['"a"b', ["a", "b"], [], []],
  ['a"b c"d', ["a", "b c", "d"], [], []],
  ["+ a", ["a"], [], []],
  ['\\"x', ["\\", "x"], [], []],
  ['-"" b', ["b"], [], []],
  ['"-a"', ["-a"], [], []],
  ["  ", [], [], []],
])("the search %j is understood as Prefect does", (query, include, exclude, required) => {
  expect(parseTextSearch(query)).toEqual({ include, exclude, required });
});

it.each([
  ["a B", "xbx", true],
  ["a b", "xyz", false],
  ["a -b", "ab", false],
  ["+a +b c", "a b c", true],
  ["+a +b c", "a c", false],
  ["-b", "a", true],
  ["", "anything", true],
])("the search %j in %j: %s", (query, text, matches) => {
  expect(textMatches(parseTextSearch(query), text)).toBe(matches);
});

import { expect, it } from "vitest";
import { type CoverageSummary, coverageTable } from "../../tools/coverage.ts";

const file = (total: number, covered: number): CoverageSummary[string] => ({
  lines: { total, covered },
  branches: { total: total * 2, covered },
  functions: { total: 0, covered: 0 },
});

it("sums up the covered lines, branches and functions of each top-level folder", () => {
  const summary = {
    total: file(1, 1),
    "/repo/server/routes/a.ts": file(10, 5),
    "/repo/cli/main.ts": file(10, 10),
    "/repo/server/b.ts": file(30, 30),
  };
  expect(coverageTable("/repo", summary)).toEqual([
    "covered by unit tests    lines  branches  functions",
    "---------------------  -------  --------  ---------",
    "cli                    100.0 %    50.0 %    100.0 %",
    "server                  87.5 %    43.8 %    100.0 %",
    "all                     90.0 %    45.0 %    100.0 %",
  ]);
});

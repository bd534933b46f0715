import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { table } from "./table.ts";

/** As istanbul's reporter `json-summary` writes it: figures by file, and `total`. */
export interface CoverageSummary {
  [file: string]: Record<Metric, { total: number; covered: number }>;
}

const metrics = ["lines", "branches", "functions"] as const;
type Metric = (typeof metrics)[number];

export function readCoverage(folder: string): CoverageSummary {
  return JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8")) as CoverageSummary;
}

/** A table with a line for each top-level folder of `root`, and one for all. */
export function coverageTable(root: string, { total: _total, ...files }: CoverageSummary): string[] {
  const folders = Map.groupBy(Object.entries(files), ([file]) => relative(root, file).split(sep)[0] ?? "");
  const rows = [...folders]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, entries]) => row(folder, Object.fromEntries(entries)));
  return table(["covered by unit tests", ...metrics], [...rows, row("all", files)]);
}

function row(name: string, files: CoverageSummary): string[] {
  return [name, ...metrics.map((metric) => percentage(files, metric))];
}

/** Of no lines at all, all are covered. */
function percentage(files: CoverageSummary, metric: Metric): string {
  const figures = Object.values(files).map((file) => file[metric]);
  const sum = (key: "total" | "covered") => figures.reduce((before, figure) => before + figure[key], 0);
  return `${(sum("total") === 0 ? 100 : (sum("covered") / sum("total")) * 100).toFixed(1)} %`;
}

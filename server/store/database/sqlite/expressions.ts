import { type SqlBool, sql } from "kysely";
import type { Expressions } from "../../sql/expressions.ts";
import { globParts } from "../../sql/glob.ts";

export const expressions: Expressions = {
  locksRows: false,
  isIn: (column, values) => sql<SqlBool>`${column} in (select value from json_each(${JSON.stringify(values)}))`,
  like: (column, pattern) => sql<SqlBool>`lower(${column}) like lower(${pattern})`,
  startsWith: (column, prefix) => sql<SqlBool>`lower(substr(${column}, 1, length(${prefix}))) = lower(${prefix})`,
  containsAll: (column, values) =>
    sql<SqlBool>`not exists (select 1 from json_each(${JSON.stringify(values)}) as wanted where wanted.value not in (select value from json_each(${column})))`,
  containsAny: (column, values) =>
    sql<SqlBool>`exists (select 1 from json_each(${JSON.stringify(values)}) as wanted where wanted.value in (select value from json_each(${column})))`,
  member: (column, name) => sql<string | null>`json_extract(${column}, ${`$.${JSON.stringify(name)}`})`,
  anyElement: (column, condition) =>
    sql<SqlBool>`exists (select 1 from json_each(${column}) as element where ${condition(sql.ref("element.value"))})`,
  glob: (text, pattern) => sql<SqlBool>`${text} glob ${sqliteGlob(pattern)}`,
  contains: (text, part) => sql<SqlBool>`instr(lower(${text}), lower(${part})) > 0`,
  epochSeconds: (column) => sql<number>`unixepoch(${column}, 'subsec')`,
};

/** SQLite's GLOB differs only in the negation of a set. */
function sqliteGlob(pattern: string): string {
  return globParts(pattern)
    .map((part) => {
      if (part.kind === "any") return "*";
      if (part.kind === "one") return "?";
      if (part.kind === "text") return part.text.replace(/[[*?]/g, "[$&]");
      return `[${part.negated ? "^" : ""}${part.members}]`;
    })
    .join("");
}

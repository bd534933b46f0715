import { type SqlBool, sql } from "kysely";
import type { Expressions } from "../../sql/expressions.ts";
import { globPattern } from "../../sql/glob.ts";

export const expressions: Expressions = {
  locksRows: true,
  isIn: (column, values) => sql<SqlBool>`${column} = any(${values as string[]}::text[])`,
  like: (column, pattern) => sql<SqlBool>`lower(${column}) like lower(${pattern}::text) escape ''`,
  startsWith: (column, prefix) =>
    sql<SqlBool>`lower(substr(${column}, 1, length(${prefix}::text))) = lower(${prefix}::text)`,
  containsAll: (column, values) => sql<SqlBool>`${column}::jsonb @> ${JSON.stringify(values)}::jsonb`,
  containsAny: (column, values) => sql<SqlBool>`${column}::jsonb ?| ${values as string[]}::text[]`,
  member: (column, name) => sql<string | null>`(${column}::jsonb ->> ${name}::text)`,
  anyElement: (column, condition) =>
    sql<SqlBool>`exists (select 1 from jsonb_array_elements(${column}::jsonb) as element(value) where ${condition(sql.ref("element.value"))})`,
  glob: (text, pattern) => sql<SqlBool>`${text} ~ ${globPattern(pattern)}::text`,
  contains: (text, part) => sql<SqlBool>`strpos(lower(${text}), lower(${part}::text)) > 0`,
  epochSeconds: (column) => sql<number>`extract(epoch from ${column}::timestamptz)::double precision`,
};

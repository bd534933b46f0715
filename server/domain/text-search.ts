import type { TextSearch } from "../store/filters/text-search.ts";

/** Parses a search: at least one of the plain words, none of `-word` and `!word`, all of `+word`; quotes hold words together
 *  (with `\"` and `\\` in them). Source: prefect/server/utilities/text_search_parser.py. */
export function parseTextSearch(query: string): TextSearch {
  const search = { include: [] as string[], exclude: [] as string[], required: [] as string[] };
  for (const match of query.matchAll(TERM)) {
    const [, sign = "", quoted, plain] = match;
    const term = quoted === undefined ? plain : quoted.replace(/\\(["\\])/g, "$1");
    if (term === undefined || term.trim() === "" || (quoted === undefined && sign === "" && LONE_SIGN.test(term)))
      continue;
    if (sign === "+") search.required.push(term);
    else if (sign === "") search.include.push(term);
    else search.exclude.push(term);
  }
  return search;
}

const LONE_SIGN = /^[-!+]$/;
/** A sign counts only right before its term; a quote that is not closed goes to the end. */
const TERM = /([-!+](?=\S))?(?:"((?:\\[\s\S]|[^"\\])*)(?:"|$)|([^\s"]+))/g;

/** Whether a text matches a search, ignoring case. */
export function textMatches(search: TextSearch, text: string): boolean {
  const lower = text.toLowerCase();
  const has = (term: string) => lower.includes(term.toLowerCase());
  return (
    (search.include.length === 0 || search.include.some(has)) && !search.exclude.some(has) && search.required.every(has)
  );
}

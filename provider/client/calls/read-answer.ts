import type { z } from "zod";
import { looksLikeHtml, parseJson, readRefusal } from "../errors/error-body.ts";
import { outline } from "../errors/redact.ts";

/** A success's body, read as its route answers. No text at all reads as `undefined`. `shown` is the text without any values: they
 *  may be somebody's secrets. */
export function readAnswer<T>(type: z.ZodType<T>, text: string): { value: T } | { problem: string; shown: string } {
  if (looksLikeHtml(text)) return { problem: "it is not JSON", shown: readRefusal(text).text };
  const parsed = text === "" ? { value: undefined } : parseJson(text);
  if (parsed === undefined) return { problem: "it is not JSON", shown: outline(text) };
  const checked = type.safeParse(parsed.value);
  if (checked.success) return { value: checked.data };
  const issue = checked.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  const shown = outline(text);
  return { problem: `it is not what this route answers${where} (${issue?.message ?? "wrong"})`, shown };
}

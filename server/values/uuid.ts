/** A UUID in a path, as Starlette's `uuid` convertor takes it: with dashes or without. Source of a pattern, without anchors. */
export const UUID_PATTERN = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}";

/** What Python's UUID() takes besides: braces, and the prefix of a URN. */
const UUID = new RegExp(`^(?:urn:uuid:)?\\{?(${UUID_PATTERN})\\}?$`, "i");

/** The one spelling that is stored: lower case, with dashes. `undefined`: not a UUID. */
export function normalizeUuid(text: string): string | undefined {
  const hex = UUID.exec(text)?.[1]?.replaceAll("-", "").toLowerCase();
  if (hex === undefined) return undefined;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

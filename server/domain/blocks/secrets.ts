import { asDocument } from "./checksum.ts";

type Document = Record<string, unknown>;

/** What is shown in place of a secret. */
const HIDDEN = "********";

/** The data with every secret hidden. `secretFields`: paths with dots; `*` stands for all that lies below. */
export function hideSecrets(data: Document, secretFields: readonly string[]): Document {
  return mapSecrets(data, secretFields, (value) => (value === null ? value : HIDDEN));
}

/** New data with the old secrets in place of placeholders that came back unchanged from an editor. */
export function keepSecrets(update: Document, current: Document, secretFields: readonly string[]): Document {
  return mapSecrets(update, secretFields, (value, path) => {
    const before = valueAt(current, path);
    return value === HIDDEN && before !== undefined ? before : value;
  });
}

type Change = (value: unknown, path: readonly string[]) => unknown;

function mapSecrets(data: Document, secretFields: readonly string[], change: Change): Document {
  let result = data;
  for (const field of secretFields) {
    const path = field.split(".");
    const wildcard = path.indexOf("*");
    result =
      wildcard === -1
        ? mapAt(result, path, [], change)
        : mapAt(result, path.slice(0, wildcard), [], (value, at) => mapLeaves(value, at, change));
  }
  return result;
}

function mapAt(document: Document, path: readonly string[], done: readonly string[], change: Change): Document {
  const [name, ...rest] = path;
  if (name === undefined) return mapLeaves(document, done, change) as Document;
  if (!Object.hasOwn(document, name)) return document;
  const value = document[name];
  const at = [...done, name];
  if (rest.length === 0) return { ...document, [name]: change(value, at) };
  const inner = asDocument(value);
  return inner === undefined ? document : { ...document, [name]: mapAt(inner, rest, at, change) };
}

/** Every value that is not an object. */
function mapLeaves(value: unknown, path: readonly string[], change: Change): unknown {
  const document = asDocument(value);
  if (document === undefined) return change(value, path);
  return Object.fromEntries(
    Object.entries(document).map(([key, member]) => [key, mapLeaves(member, [...path, key], change)]),
  );
}

function valueAt(data: Document, path: readonly string[]): unknown {
  let value: unknown = data;
  for (const step of path) {
    const document = asDocument(value);
    if (document === undefined || !Object.hasOwn(document, step)) return undefined;
    value = document[step];
  }
  return value;
}

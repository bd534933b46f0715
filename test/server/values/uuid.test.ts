import { expect, it } from "vitest";
import { normalizeUuid } from "../../../server/values/uuid.ts";

const uuid = "0192f0c1-7a2b-4c3d-8e4f-5a6b7c8d9e0f";

it.each([uuid, uuid.toUpperCase(), uuid.replaceAll("-", ""), `{${uuid}}`, `urn:uuid:${uuid}`])(
  "a UUID is known in the form %s, as Python knows it",
  (text) => {
    expect(normalizeUuid(text)).toBe(uuid);
  },
);

it.each(["", uuid.slice(1), `${uuid}0`, ` ${uuid}`, uuid.replace("0", "g"), "0192f0c1-7a2b-4c3d-8e4f5a-6b7c8d9e0f"])(
  "%j is no UUID",
  (text) => {
    expect(normalizeUuid(text)).toBeUndefined();
  },
);

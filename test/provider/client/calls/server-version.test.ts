import { expect, it } from "vitest";
import { checkServerVersion } from "../../../../provider/client/calls/server-version.ts";

it.each([
  ["3.4.19", "supported"],
  ["3.8.4", "supported"],
  ["3.8.99", "supported"],
  ["3.7.0", "supported"],
  ["3.7.1", "known_bug"],
  ["3.7.6", "known_bug"],
  ["3.7.7", "supported"],
  ["3.7.6.dev3", "known_bug"],
  ["3.9.0", "newer"],
  ["3.9.0rc1", "newer"],
  ["3.10.0", "newer"],
  ["4.0.0", "newer"],
  ["3.4.18", "too_old"],
  ["2.20.1", "too_old"],
  ["0+unknown", "unknown"],
  ["0.0.0+dev", "unknown"],
  ["main", "unknown"],
  ["", "unknown"],
])("a server of version %j is %s", (version, result) => {
  expect(checkServerVersion(version).result).toBe(result);
});

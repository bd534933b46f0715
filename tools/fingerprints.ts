import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fingerprint } from "../schema/emit/fingerprint.ts";

/** The contracts of each version. A version is marked `released` when it is published; after that its entry never changes. */
export interface Fingerprints {
  [version: string]: { released: boolean; contracts: Fingerprint };
}

export const fingerprintsFile = "test/fixtures/contract-fingerprints.json";

export function readFingerprints(root: string): Fingerprints {
  return JSON.parse(readFileSync(join(root, fingerprintsFile), "utf8")) as Fingerprints;
}

/** The history with the current contracts under the current version. A released version keeps its contracts: a changed contract then
 *  needs another version. */
export function recorded(history: Fingerprints, version: string, contracts: Fingerprint): Fingerprints {
  if (history[version]?.released === true) return history;
  return { ...history, [version]: { released: false, contracts } };
}

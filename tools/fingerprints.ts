import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fingerprint } from "../schema/emit/fingerprint.ts";

/** What the contracts were in each version. A version is marked `released` when it is published; from then on its entry is
 *  history. */
export interface Fingerprints {
  [version: string]: { released: boolean; contracts: Fingerprint };
}

export const fingerprintsFile = "test/fixtures/contract-fingerprints.json";

export function readFingerprints(root: string): Fingerprints {
  return JSON.parse(readFileSync(join(root, fingerprintsFile), "utf8")) as Fingerprints;
}

/** The history with the contracts as they are now under the version that is being made. A released version keeps what it
 *  was: a changed contract then needs another version. */
export function recorded(history: Fingerprints, version: string, contracts: Fingerprint): Fingerprints {
  if (history[version]?.released === true) return history;
  return { ...history, [version]: { released: false, contracts } };
}

import type { Timestamp } from "../../values/timestamp.ts";

export interface ArtifactTables {
  artifact: ArtifactRow;
  artifact_collection: ArtifactCollectionRow;
}

export interface ArtifactRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  key: string | null;
  type: string | null;
  description: string | null;
  /** JSON of any kind; null: none. */
  data: string | null;
  /** JSON object of strings. */
  metadata_: string | null;
  /** May refer to deleted or unknown runs. */
  flow_run_id: string | null;
  task_run_id: string | null;
}

/** All artifacts of one key. */
export interface ArtifactCollectionRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  key: string;
  latest_id: string;
}

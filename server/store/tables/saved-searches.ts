import type { Timestamp } from "../../values/timestamp.ts";

export interface SavedSearchTables {
  saved_search: SavedSearchRow;
}

export interface SavedSearchRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  /** JSON list of objects. */
  filters: string;
}

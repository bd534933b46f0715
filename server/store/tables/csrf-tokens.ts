import type { Timestamp } from "../../values/timestamp.ts";

export interface CsrfTokenTables {
  csrf_token: CsrfTokenRow;
}

export interface CsrfTokenRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  client: string;
  token: string;
  expiration: Timestamp;
}

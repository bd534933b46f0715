export interface LintOptions {
  /** The server checks more on create than on update. */
  operation: "create" | "update";
  /** The pool's worker type, where it is known. */
  poolType?: string | undefined;
}

/** Most problems of one rule to report. */
export const MAX_PER_RULE = 50;

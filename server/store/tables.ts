import type { ArtifactTables } from "./tables/artifacts.ts";
import type { AutomationTables } from "./tables/automations.ts";
import type { BlockTables } from "./tables/blocks.ts";
import type { ConcurrencyLimitTables } from "./tables/concurrency-limits.ts";
import type { CsrfTokenTables } from "./tables/csrf-tokens.ts";
import type { DeploymentTables } from "./tables/deployments.ts";
import type { EventTables } from "./tables/events.ts";
import type { FlowRunTables } from "./tables/flow-runs.ts";
import type { LogTables } from "./tables/logs.ts";
import type { SavedSearchTables } from "./tables/saved-searches.ts";
import type { TaskRunTables } from "./tables/task-runs.ts";
import type { VariableTables } from "./tables/variables.ts";
import type { WorkPoolTables } from "./tables/work-pools.ts";
import type { WorkerCleanupTables } from "./tables/worker-cleanups.ts";

/** A 0 or a 1. */
export type Flag = 0 | 1;

/** Every table, by name. A row type per table lives in tables/, the columns themselves in migrations/. */
export interface Tables
  extends WorkPoolTables,
    ConcurrencyLimitTables,
    VariableTables,
    CsrfTokenTables,
    FlowRunTables,
    DeploymentTables,
    TaskRunTables,
    EventTables,
    LogTables,
    ArtifactTables,
    AutomationTables,
    SavedSearchTables,
    BlockTables,
    WorkerCleanupTables {}

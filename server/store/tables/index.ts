import type { ArtifactTables } from "./artifacts.ts";
import type { AutomationTables } from "./automations.ts";
import type { BlockTables } from "./blocks.ts";
import type { ConcurrencyLimitTables } from "./concurrency-limits.ts";
import type { CsrfTokenTables } from "./csrf-tokens.ts";
import type { DeploymentTables } from "./deployments.ts";
import type { EventTables } from "./events.ts";
import type { FlowRunTables } from "./flow-runs.ts";
import type { LogTables } from "./logs.ts";
import type { SavedSearchTables } from "./saved-searches.ts";
import type { TaskRunTables } from "./task-runs.ts";
import type { VariableTables } from "./variables.ts";
import type { WorkPoolTables } from "./work-pools.ts";
import type { WorkerCleanupTables } from "./worker-cleanups.ts";

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

// Generated from the contracts by `npm run gen`. Do not edit.

import type * as pulumi from "@pulumi/pulumi";

/** A JSON object of the user's own: any keys, never renamed. Anything inside may be an output. */
export interface JsonDocument {
  [key: string]: any;
}

export interface WorkPoolStorageConfiguration {
  /** The step that uploads a bundle of the flow's code, as Prefect's client writes it. */
  bundleUploadStep?: JsonDocument;
  /** The step that downloads and runs a bundle. */
  bundleExecutionStep?: JsonDocument;
  /** UUID of the block document that stores results by default. */
  defaultResultStorageBlockId?: string;
}

export interface WorkPoolStorageConfigurationArgs {
  /** The step that uploads a bundle of the flow's code, as Prefect's client writes it. */
  bundleUploadStep?: pulumi.Input<JsonDocument | undefined>;
  /** The step that downloads and runs a bundle. */
  bundleExecutionStep?: pulumi.Input<JsonDocument | undefined>;
  /** UUID of the block document that stores results by default. */
  defaultResultStorageBlockId?: pulumi.Input<string | undefined>;
}

export type AdoptPolicy = "refuse" | "ifEqual" | "always";

export type BaseJobTemplateOnDelete = "restore" | "keep";

export interface GetWorkPoolStorageConfiguration {
  /** The step that uploads a bundle of the flow's code, as Prefect's client writes it. */
  bundleUploadStep?: JsonDocument;
  /** The step that downloads and runs a bundle. */
  bundleExecutionStep?: JsonDocument;
  /** UUID of the block document that stores results by default. */
  defaultResultStorageBlockId?: string;
}

export interface WorkQueueInfo {
  /** Name of the pool the queue belongs to. */
  workPool: string;
  /** Name of the queue, unique in its pool. */
  name: string;
  /** What the queue is for. */
  description: string;
  /** Whether the queue is paused: its runs wait. */
  isPaused: boolean;
  /** Most flow runs of this queue at once, 0 or more. */
  concurrencyLimit?: number;
  /** Place in the order of serving: 1 is served first. */
  priority: number;
  /** UUID of the queue. */
  workQueueId: string;
  /** When the server made the queue. */
  created: string;
  /** `READY`, `NOT_READY` or `PAUSED`, by whether workers have asked for work lately. */
  status?: string;
  /** When a worker last asked for work. */
  lastPolled?: string;
}

export type Severity = "error" | "warn" | "off";

/** What a program declares of a `WorkPool`. */
export interface WorkPoolArgs {
  /**
   * Name of the pool, unique on the server. Must not start with `prefect` and must not contain any of `/ % & < >`.
   *
   * Default: the resource's name in the program. A change replaces the object.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * Type of worker that serves the pool, for instance `process`, `docker` or `kubernetes`. Custom worker types are
   * possible.
   *
   * A change replaces the object.
   */
  type: pulumi.Input<string>;
  /**
   * What the pool is for.
   *
   * Default on the server: none. Deleting the line clears it on the server.
   */
  description?: pulumi.Input<string | undefined>;
  /**
   * Whether the pool is paused: its runs wait, whatever the workers do. Leave it out, and a pause set by an operator
   * survives every update.
   *
   * Default on the server: `false`. Deleting the line leaves it as it is on the server.
   */
  isPaused?: pulumi.Input<boolean | undefined>;
  /**
   * Most flow runs at once in the whole pool, 0 or more. Absent: no limit.
   *
   * Default on the server: none. Deleting the line clears it on the server.
   */
  concurrencyLimit?: pulumi.Input<number | undefined>;
  /**
   * The base job template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by
   * key. A JSON string is accepted too. A new pool that declares none gets the default template of its worker type.
   *
   * Deleting the line leaves it as it is on the server.
   */
  baseJobTemplate?: pulumi.Input<JsonDocument | string | undefined>;
  /**
   * Where bundles of flow code and results are stored.
   *
   * Default on the server: `{}`. Deleting the line leaves it as it is on the server.
   */
  storageConfiguration?: pulumi.Input<WorkPoolStorageConfigurationArgs | undefined>;
  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   *
   * Steers the provider; never sent to the server.
   */
  adopt?: pulumi.Input<AdoptPolicy | undefined>;
  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   *
   * Steers the provider; never sent to the server.
   */
  forceDelete?: pulumi.Input<boolean | undefined>;
}

/** What a program declares of a `WorkQueue`. */
export interface WorkQueueArgs {
  /**
   * Name of the pool the queue belongs to.
   *
   * A change replaces the object.
   */
  workPool: pulumi.Input<string>;
  /**
   * Name of the queue, unique in its pool. A change renames the queue in place: its runs and its UUID stay. Must not
   * contain any of `/ % & < >`.
   *
   * Default: the resource's name in the program.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * What the queue is for.
   *
   * Default on the server: `""`. Deleting the line sets it to `""` on the server.
   */
  description?: pulumi.Input<string | undefined>;
  /**
   * Whether the queue is paused: its runs wait. Leave it out, and a pause set by an operator survives every update.
   *
   * Default on the server: `false`. Deleting the line leaves it as it is on the server.
   */
  isPaused?: pulumi.Input<boolean | undefined>;
  /**
   * Most flow runs of this queue at once, 0 or more. Absent: no limit but the pool's.
   *
   * Default on the server: none. Deleting the line clears it on the server.
   */
  concurrencyLimit?: pulumi.Input<number | undefined>;
  /**
   * Place in the order of serving: 1 is served first. The queues of a pool share one ranking, so setting one moves
   * others; two queues of a pool must not declare the same number. To state the order as a list, use `QueueOrder` and
   * leave this out.
   *
   * Default on the server: the server's choice. Deleting the line leaves it as it is on the server.
   */
  priority?: pulumi.Input<number | undefined>;
  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   *
   * Steers the provider; never sent to the server.
   */
  adopt?: pulumi.Input<AdoptPolicy | undefined>;
  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   *
   * Steers the provider; never sent to the server.
   */
  forceDelete?: pulumi.Input<boolean | undefined>;
}

/** What a program declares of a `QueueOrder`. */
export interface QueueOrderArgs {
  /**
   * Name of the pool.
   *
   * A change replaces the object.
   */
  workPool: pulumi.Input<string>;
  /**
   * Names of queues, the one served first at the front. Refer to them as `queue.name`, so that they exist before they
   * are ordered. The named queues must not declare a `priority` of their own.
   */
  queues: pulumi.Input<pulumi.Input<string>[]>;
}

/** What a program declares of a `BaseJobTemplate`. */
export interface BaseJobTemplateArgs {
  /**
   * Name of the pool.
   *
   * A change replaces the object.
   */
  workPool: pulumi.Input<string>;
  /**
   * The template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by key. A
   * JSON string is accepted too.
   */
  template: pulumi.Input<JsonDocument | string>;
  /**
   * What removing this resource does. `restore` (default) puts back the template that was there at first, if the pool
   * is still the same one and still has the template applied last; otherwise the template is kept, with a warning.
   * `keep` sends nothing.
   *
   * Steers the provider; never sent to the server.
   */
  onDelete?: pulumi.Input<BaseJobTemplateOnDelete | undefined>;
}

/** What a program declares of a `GlobalConcurrencyLimit`. */
export interface GlobalConcurrencyLimitArgs {
  /**
   * Name of the limit, unique on the server. A change renames it in place: its slots and its UUID stay. Must not
   * contain any of `/ % & < >`, start with `tag:` or `deployment:`, or look like a UUID.
   *
   * Default: the resource's name in the program.
   */
  name?: pulumi.Input<string | undefined>;
  /** Number of slots, 0 or more. */
  limit: pulumi.Input<number>;
  /**
   * Whether the limit is enforced.
   *
   * Default on the server: `true`. Deleting the line leaves it as it is on the server.
   */
  active?: pulumi.Input<boolean | undefined>;
  /**
   * How many slots free themselves per second, for rate limits. 0: slots are freed only by whoever took them.
   *
   * Default on the server: `0`. Deleting the line leaves it as it is on the server.
   */
  slotDecayPerSecond?: pulumi.Input<number | undefined>;
  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   *
   * Steers the provider; never sent to the server.
   */
  adopt?: pulumi.Input<AdoptPolicy | undefined>;
  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   *
   * Steers the provider; never sent to the server.
   */
  forceDelete?: pulumi.Input<boolean | undefined>;
}

/** What a program declares of a `TagConcurrencyLimit`. */
export interface TagConcurrencyLimitArgs {
  /**
   * The tag. Must not contain any of `/ % & < >`.
   *
   * Default: the resource's name in the program. A change replaces the object.
   */
  tag?: pulumi.Input<string | undefined>;
  /** Most task runs with the tag at once, 0 or more. A change keeps the slots in use. */
  concurrencyLimit: pulumi.Input<number>;
  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   *
   * Steers the provider; never sent to the server.
   */
  adopt?: pulumi.Input<AdoptPolicy | undefined>;
}

export interface GetWorkPoolArgs {
  /** Name of the pool, unique on the server. */
  name: string;
}

export interface GetWorkPoolOutputArgs {
  /** Name of the pool, unique on the server. */
  name: pulumi.Input<string>;
}

export interface GetWorkPoolResult {
  /** Name of the pool, unique on the server. */
  name: string;
  /** Type of worker that serves the pool, for instance `process`, `docker` or `kubernetes`. */
  type: string;
  /** What the pool is for. */
  description?: string;
  /** Whether the pool is paused: its runs wait, whatever the workers do. */
  isPaused: boolean;
  /** Most flow runs at once in the whole pool, 0 or more. */
  concurrencyLimit?: number;
  /**
   * The base job template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by
   * key.
   */
  baseJobTemplate: JsonDocument;
  /** Where bundles of flow code and results are stored. */
  storageConfiguration: GetWorkPoolStorageConfiguration;
  /** UUID of the pool. */
  workPoolId: string;
  /** UUID of the queue the server made with the pool, whatever its name is now. */
  defaultQueueId: string;
  /** When the server made the pool. */
  created: string;
  /** `READY`, `NOT_READY` or `PAUSED`, by whether workers have asked for work lately. */
  status?: string;
  /** Slots in use; absent when the pool has no limit. */
  activeSlots?: number;
}

export interface GetWorkQueuesArgs {
  /** Name of the pool. */
  workPool: string;
}

export interface GetWorkQueuesOutputArgs {
  /** Name of the pool. */
  workPool: pulumi.Input<string>;
}

export interface GetWorkQueuesResult {
  /** The queues, the one served first at the front. */
  queues: WorkQueueInfo[];
}

export interface GetDefaultJobTemplateArgs {
  /** Worker type, for instance `process` or `kubernetes`. */
  type: string;
  /** Minor version of Prefect whose default is wanted. Default `3.8`. */
  version?: string;
}

export interface GetDefaultJobTemplateOutputArgs {
  /** Worker type, for instance `process` or `kubernetes`. */
  type: pulumi.Input<string>;
  /** Minor version of Prefect whose default is wanted. Default `3.8`. */
  version?: pulumi.Input<string | undefined>;
}

export interface GetDefaultJobTemplateResult {
  /** The template. */
  template: JsonDocument;
}

/**
 * Where the Prefect API is, and how to talk to it. What is left out comes from the environment or from Prefect's
 * profile, and is not stored.
 */
export interface ProviderArgs {
  /**
   * URL of the Prefect API, for instance `http://127.0.0.1:4200/api`. With or without `/api`, with any path prefix, or
   * a Prefect Cloud workspace URL.
   *
   * Environment: `PREFECT_API_URL`.
   */
  apiUrl?: pulumi.Input<string | undefined>;
  /**
   * API key of Prefect Cloud.
   *
   * Environment: `PREFECT_API_KEY`.
   */
  apiKey?: pulumi.Input<string | undefined>;
  /**
   * `user:password` of a self-hosted server with basic authentication.
   *
   * Environment: `PREFECT_API_AUTH_STRING`.
   */
  authString?: pulumi.Input<string | undefined>;
  /**
   * Headers to send with every request, for instance for a proxy.
   *
   * Environment: `PREFECT_CLIENT_CUSTOM_HEADERS`.
   */
  customHeaders?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /**
   * Profile of profiles.toml to read settings from. Default: the active one.
   *
   * Environment: `PREFECT_PROFILE`.
   */
  profile?: pulumi.Input<string | undefined>;
  /** Account of Prefect Cloud; with `workspaceId`, instead of a URL. */
  accountId?: pulumi.Input<string | undefined>;
  /** Workspace of Prefect Cloud; with `accountId`, instead of a URL. */
  workspaceId?: pulumi.Input<string | undefined>;
  /**
   * File with PEM certificates of certificate authorities to trust, in addition to the built-in ones.
   *
   * Environment: `PREFECT_API_SSL_CERT_FILE`.
   */
  caFile?: pulumi.Input<string | undefined>;
  /**
   * Accept any TLS certificate. For tests only.
   *
   * Environment: `PREFECT_API_TLS_INSECURE_SKIP_VERIFY`.
   */
  insecureSkipVerify?: pulumi.Input<boolean | undefined>;
  /** Timeout of one operation on the API including all its retries, in seconds. Default 150. */
  requestTimeoutSeconds?: pulumi.Input<number | undefined>;
  /** Most concurrent requests. Default 16; lowered automatically while the server is overloaded. */
  maxConcurrentRequests?: pulumi.Input<number | undefined>;
  /** Default of every resource's `adopt`. Default `refuse`. */
  adopt?: pulumi.Input<AdoptPolicy | undefined>;
  /**
   * Default of every resource's `forceDelete`. Default false. Takes effect once it is applied: `pulumi destroy` does
   * not run the program, and so does not see a change since the last `up`.
   */
  forceDelete?: pulumi.Input<boolean | undefined>;
  /**
   * What happens on a template change after which the server would refuse runs of existing deployments: `error`
   * (default) fails the preview, `warn` warns, `off` does not check. A job variable that would lose its effect is a
   * warning, except with `off`.
   */
  contractCheck?: pulumi.Input<Severity | undefined>;
  /**
   * Severity of template rules by id (docs/reference/template-rules.md), for instance `{ "template/unused-variable":
   * "error" }`. Rules that stand for a refusal of the server stay errors.
   */
  lintRules?: pulumi.Input<{ [key: string]: pulumi.Input<Severity> } | undefined>;
}

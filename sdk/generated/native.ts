// Generated from the contracts by `npm run gen`. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { descriptions } from "../runtime/descriptions.generated.ts";
import { invoke, invokeOutput } from "../runtime/native-invoke.ts";
import { NativeProvider, NativeResource } from "../runtime/native-resource.ts";
import type * as types from "./types.ts";

/** An API to manage, for programs that talk to more than one. Pass it as `{ provider }` in a resource's options. */
export class Provider extends NativeProvider {
  /**
   * URL of the Prefect API, for instance `http://127.0.0.1:4200/api`. With or without `/api`, with any path prefix, or
   * a Prefect Cloud workspace URL.
   */
  declare readonly apiUrl: pulumi.Output<string | undefined>;

  /** API key of Prefect Cloud. */
  declare readonly apiKey: pulumi.Output<string | undefined>;

  /** `user:password` of a self-hosted server with basic authentication. */
  declare readonly authString: pulumi.Output<string | undefined>;

  /** Profile of profiles.toml to read settings from. Default: the active one. */
  declare readonly profile: pulumi.Output<string | undefined>;

  /** Account of Prefect Cloud; with `workspaceId`, instead of a URL. */
  declare readonly accountId: pulumi.Output<string | undefined>;

  /** Workspace of Prefect Cloud; with `accountId`, instead of a URL. */
  declare readonly workspaceId: pulumi.Output<string | undefined>;

  /** File with PEM certificates of certificate authorities to trust, in addition to the built-in ones. */
  declare readonly caFile: pulumi.Output<string | undefined>;

  /** Default of every resource's `adopt`. Default `refuse`. */
  declare readonly adopt: pulumi.Output<string | undefined>;

  /**
   * What happens on a template change after which the server would refuse runs of existing deployments: `error`
   * (default) fails the preview, `warn` warns, `off` does not check. A job variable that would lose its effect is a
   * warning, except with `off`.
   */
  declare readonly contractCheck: pulumi.Output<string | undefined>;

  constructor(name: string, args?: types.ProviderArgs, opts?: pulumi.ResourceOptions) {
    super(name, args, opts);
  }
}

/**
 * A work pool: where flow runs wait for workers of one infrastructure type. The server makes a queue named `default`
 * in each new pool.
 *
 * Import takes the pool's name or its UUID.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * export const etl = new prefect.WorkPool("etl", {
 *   type: "kubernetes",
 *   concurrencyLimit: 20,
 *   baseJobTemplate: {
 *     job_configuration: {
 *       image: "{{ image }}",
 *       env: "{{ env }}",
 *     },
 *     variables: {
 *       type: "object",
 *       properties: {
 *         image: { type: "string", default: "registry.example.com/flows:2026.1" },
 *         env: { type: "object", additionalProperties: { type: "string" } },
 *       },
 *     },
 *   },
 * });
 * ```
 */
export class WorkPool extends NativeResource {
  /** Name of the pool, unique on the server. Must not start with `prefect` and must not contain any of `/ % & < >`. */
  declare readonly name: pulumi.Output<string>;

  /**
   * Type of worker that serves the pool, for instance `process`, `docker` or `kubernetes`. Custom worker types are
   * possible.
   */
  declare readonly type: pulumi.Output<string>;

  /** What the pool is for. */
  declare readonly description: pulumi.Output<string | undefined>;

  /**
   * Whether the pool is paused: its runs wait, whatever the workers do. Leave it out, and a pause set by an operator
   * survives every update.
   */
  declare readonly isPaused: pulumi.Output<boolean | undefined>;

  /** Most flow runs at once in the whole pool, 0 or more. Absent: no limit. */
  declare readonly concurrencyLimit: pulumi.Output<number | undefined>;

  /**
   * The base job template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by
   * key. A JSON string is accepted too. A new pool that declares none gets the default template of its worker type.
   */
  declare readonly baseJobTemplate: pulumi.Output<types.JsonDocument | undefined>;

  /** Where bundles of flow code and results are stored. */
  declare readonly storageConfiguration: pulumi.Output<types.WorkPoolStorageConfiguration | undefined>;

  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   */
  declare readonly adopt: pulumi.Output<types.AdoptPolicy | undefined>;

  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   */
  declare readonly forceDelete: pulumi.Output<boolean | undefined>;

  /** UUID of the pool. */
  declare readonly workPoolId: pulumi.Output<string>;

  /** UUID of the queue the server made with the pool, whatever its name is now. */
  declare readonly defaultQueueId: pulumi.Output<string>;

  /** When the server made the pool. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: types.WorkPoolArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.WorkPool, name, args, opts);
  }

  /** Reads a `WorkPool` that exists already, without managing it. `id`: the pool's name or its UUID. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): WorkPool {
    return new WorkPool(name, {} as types.WorkPoolArgs, { ...opts, id });
  }
}

/**
 * A work queue of a work pool: a share of the pool's work with its own limit and place in the order of serving. The
 * queue a pool is born with can be declared too: it is taken over without asking, and never deleted.
 *
 * Import takes `pool/queue` or the queue's UUID.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * const etl = new prefect.WorkPool("etl", { type: "process" });
 *
 * export const urgent = new prefect.WorkQueue("urgent", {
 *   workPool: etl.name,
 *   description: "Runs that somebody waits for",
 *   concurrencyLimit: 5,
 *   priority: 1,
 * });
 * ```
 */
export class WorkQueue extends NativeResource {
  /** Name of the pool the queue belongs to. */
  declare readonly workPool: pulumi.Output<string>;

  /**
   * Name of the queue, unique in its pool. A change renames the queue in place: its runs and its UUID stay. Must not
   * contain any of `/ % & < >`.
   */
  declare readonly name: pulumi.Output<string>;

  /** What the queue is for. */
  declare readonly description: pulumi.Output<string | undefined>;

  /** Whether the queue is paused: its runs wait. Leave it out, and a pause set by an operator survives every update. */
  declare readonly isPaused: pulumi.Output<boolean | undefined>;

  /** Most flow runs of this queue at once, 0 or more. Absent: no limit but the pool's. */
  declare readonly concurrencyLimit: pulumi.Output<number | undefined>;

  /**
   * Place in the order of serving: 1 is served first. The queues of a pool share one ranking, so setting one moves
   * others; two queues of a pool must not declare the same number. To state the order as a list, use `QueueOrder` and
   * leave this out.
   */
  declare readonly priority: pulumi.Output<number | undefined>;

  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   */
  declare readonly adopt: pulumi.Output<types.AdoptPolicy | undefined>;

  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   */
  declare readonly forceDelete: pulumi.Output<boolean | undefined>;

  /** UUID of the queue. */
  declare readonly workQueueId: pulumi.Output<string>;

  /** When the server made the queue. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: types.WorkQueueArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.WorkQueue, name, args, opts);
  }

  /** Reads a `WorkQueue` that exists already, without managing it. `id`: `pool/queue` or the queue's UUID. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): WorkQueue {
    return new WorkQueue(name, {} as types.WorkQueueArgs, { ...opts, id });
  }
}

/**
 * The order in which the queues of a pool are served. It owns the order of the queues it names; queues it does not
 * name come after them, in the order they had. Removing the resource changes nothing on the server.
 *
 * Import takes the pool's name.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * const etl = new prefect.WorkPool("etl", { type: "process" });
 * const urgent = new prefect.WorkQueue("urgent", { workPool: etl.name });
 * const nightly = new prefect.WorkQueue("nightly", { workPool: etl.name, concurrencyLimit: 2 });
 *
 * export const order = new prefect.QueueOrder("etl-order", {
 *   workPool: etl.name,
 *   queues: [urgent.name, nightly.name],
 * });
 * ```
 */
export class QueueOrder extends NativeResource {
  /** Name of the pool. */
  declare readonly workPool: pulumi.Output<string>;

  /**
   * Names of queues, the one served first at the front. Refer to them as `queue.name`, so that they exist before they
   * are ordered. The named queues must not declare a `priority` of their own.
   */
  declare readonly queues: pulumi.Output<string[]>;

  constructor(name: string, args: types.QueueOrderArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.QueueOrder, name, args, opts);
  }

  /** Reads a `QueueOrder` that exists already, without managing it. `id`: the pool's name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): QueueOrder {
    return new QueueOrder(name, {} as types.QueueOrderArgs, { ...opts, id });
  }
}

/**
 * The base job template of a pool that is managed elsewhere (by another stack, by hand, by a worker). Remembers the
 * template it found, and puts it back when it is removed. For a pool of the same program, set the pool's own
 * `baseJobTemplate` instead.
 *
 * Import takes the pool's name.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * // The pool belongs to another team; only its template is managed here.
 * export const template = new prefect.BaseJobTemplate("shared-template", {
 *   workPool: "shared",
 *   template: prefect.getDefaultJobTemplateOutput({ type: "process" }).template,
 *   onDelete: "restore",
 * });
 * ```
 */
export class BaseJobTemplate extends NativeResource {
  /** Name of the pool. */
  declare readonly workPool: pulumi.Output<string>;

  /**
   * The template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by key. A
   * JSON string is accepted too.
   */
  declare readonly template: pulumi.Output<types.JsonDocument>;

  /**
   * What removing this resource does. `restore` (default) puts back the template that was there at first, if the pool
   * is still the same one and still has the template applied last; otherwise the template is kept, with a warning.
   * `keep` sends nothing.
   */
  declare readonly onDelete: pulumi.Output<types.BaseJobTemplateOnDelete | undefined>;

  /** UUID of the pool. */
  declare readonly workPoolId: pulumi.Output<string>;

  /**
   * The template found at the first create, to be put back on removal. Secret, for it may hold somebody else's values.
   * Absent after an import, and when the pool already had the declared template.
   */
  declare readonly previousTemplate: pulumi.Output<types.JsonDocument | undefined>;

  constructor(name: string, args: types.BaseJobTemplateArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.BaseJobTemplate, name, args, opts);
  }

  /** Reads a `BaseJobTemplate` that exists already, without managing it. `id`: the pool's name. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): BaseJobTemplate {
    return new BaseJobTemplate(name, {} as types.BaseJobTemplateArgs, { ...opts, id });
  }
}

/**
 * A global concurrency limit: slots that flows and tasks take by name with `concurrency()` and `rate_limit()`, and
 * that deployments may share. The slots in use are never touched.
 *
 * Import takes the limit's name or its UUID.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * // At most 10 at once, and a slot frees itself twice a second: 2 calls a second on average.
 * export const warehouse = new prefect.GlobalConcurrencyLimit("warehouse", {
 *   limit: 10,
 *   slotDecayPerSecond: 2,
 * });
 * ```
 */
export class GlobalConcurrencyLimit extends NativeResource {
  /**
   * Name of the limit, unique on the server. A change renames it in place: its slots and its UUID stay. Must not
   * contain any of `/ % & < >`, start with `tag:` or `deployment:`, or look like a UUID.
   */
  declare readonly name: pulumi.Output<string>;

  /** Number of slots, 0 or more. */
  declare readonly limit: pulumi.Output<number>;

  /** Whether the limit is enforced. */
  declare readonly active: pulumi.Output<boolean | undefined>;

  /** How many slots free themselves per second, for rate limits. 0: slots are freed only by whoever took them. */
  declare readonly slotDecayPerSecond: pulumi.Output<number | undefined>;

  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   */
  declare readonly adopt: pulumi.Output<types.AdoptPolicy | undefined>;

  /**
   * Delete the object even if deployments use it. Default false: such a delete is refused, and the deployments are
   * named. Takes effect once it was applied: a destroy does not see a line that was never applied. Overrides the
   * provider's `forceDelete`.
   */
  declare readonly forceDelete: pulumi.Output<boolean | undefined>;

  /** UUID of the limit. */
  declare readonly concurrencyLimitId: pulumi.Output<string>;

  /** When the server made the limit. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: types.GlobalConcurrencyLimitArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.GlobalConcurrencyLimit, name, args, opts);
  }

  /** Reads a `GlobalConcurrencyLimit` that exists already, without managing it. `id`: the limit's name or its UUID. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): GlobalConcurrencyLimit {
    return new GlobalConcurrencyLimit(name, {} as types.GlobalConcurrencyLimitArgs, { ...opts, id });
  }
}

/**
 * A limit on how many task runs with a tag run at once, over all flows.
 *
 * Import takes the tag.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * export const database = new prefect.TagConcurrencyLimit("database", { concurrencyLimit: 3 });
 * ```
 */
export class TagConcurrencyLimit extends NativeResource {
  /** The tag. Must not contain any of `/ % & < >`. */
  declare readonly tag: pulumi.Output<string>;

  /** Most task runs with the tag at once, 0 or more. A change keeps the slots in use. */
  declare readonly concurrencyLimit: pulumi.Output<number>;

  /**
   * What to do when an object with this key already exists on the server and is not in the state. `refuse` (default)
   * stops and says what exists, what differs, and how to take it over; `ifEqual` takes it over if every declared field
   * already has the declared value; `always` takes it over and makes it match. An adopted object is managed like any
   * other, and so deleted by destroy. Overrides the provider's `adopt`.
   */
  declare readonly adopt: pulumi.Output<types.AdoptPolicy | undefined>;

  /** UUID of the limit. */
  declare readonly concurrencyLimitId: pulumi.Output<string>;

  /** When the server made the limit. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: types.TagConcurrencyLimitArgs, opts?: pulumi.CustomResourceOptions) {
    super(descriptions.TagConcurrencyLimit, name, args, opts);
  }

  /** Reads a `TagConcurrencyLimit` that exists already, without managing it. `id`: the tag. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): TagConcurrencyLimit {
    return new TagConcurrencyLimit(name, {} as types.TagConcurrencyLimitArgs, { ...opts, id });
  }
}

/**
 * Reads a work pool as it is now on the server, with what changes by itself (status, slots in use).
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * const pool = prefect.getWorkPoolOutput({ name: "shared" });
 *
 * export const slotsInUse = pool.activeSlots;
 * ```
 */
export function getWorkPool(args: types.GetWorkPoolArgs, opts?: pulumi.InvokeOptions): Promise<types.GetWorkPoolResult> {
  return invoke("getWorkPool", args, opts);
}

/**
 * As `getWorkPool`, for arguments that may be outputs.
 *
 * Reads a work pool as it is now on the server, with what changes by itself (status, slots in use).
 */
export function getWorkPoolOutput(args: types.GetWorkPoolOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<types.GetWorkPoolResult> {
  return invokeOutput("getWorkPool", args, opts);
}

/**
 * Lists the queues of a work pool in the order they are served.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * const { queues } = prefect.getWorkQueuesOutput({ workPool: "shared" });
 *
 * export const servedFirst = queues.apply(([first]) => first?.name);
 * ```
 */
export function getWorkQueues(args: types.GetWorkQueuesArgs, opts?: pulumi.InvokeOptions): Promise<types.GetWorkQueuesResult> {
  return invoke("getWorkQueues", args, opts);
}

/**
 * As `getWorkQueues`, for arguments that may be outputs.
 *
 * Lists the queues of a work pool in the order they are served.
 */
export function getWorkQueuesOutput(args: types.GetWorkQueuesOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<types.GetWorkQueuesResult> {
  return invokeOutput("getWorkQueues", args, opts);
}

/**
 * The default base job template of a worker type, pinned by Prefect version and bundled: it is never fetched, and does
 * not change under a program.
 *
 * @example
 * ```ts
 * import * as prefect from "prefect-iac/native";
 *
 * const { template } = prefect.getDefaultJobTemplateOutput({ type: "kubernetes" });
 *
 * export const etl = new prefect.WorkPool("etl", { type: "kubernetes", baseJobTemplate: template });
 * ```
 */
export function getDefaultJobTemplate(args: types.GetDefaultJobTemplateArgs, opts?: pulumi.InvokeOptions): Promise<types.GetDefaultJobTemplateResult> {
  return invoke("getDefaultJobTemplate", args, opts);
}

/**
 * As `getDefaultJobTemplate`, for arguments that may be outputs.
 *
 * The default base job template of a worker type, pinned by Prefect version and bundled: it is never fetched, and does
 * not change under a program.
 */
export function getDefaultJobTemplateOutput(args: types.GetDefaultJobTemplateOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<types.GetDefaultJobTemplateResult> {
  return invokeOutput("getDefaultJobTemplate", args, opts);
}

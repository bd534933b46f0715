import * as pulumi from "@pulumi/pulumi";
import * as prefect from "prefect-iac";
import { ingestionTemplate } from "./ingestion-template.ts";

/** Where the autoloader's ingestions wait for workers: small ones run as processes, large ones as Kubernetes jobs. What
 *  differs between environments stands in Pulumi.<stack>.yaml. */
export default async function autoloader() {
  const config = new pulumi.Config("autoloader");
  const prefix = config.get("prefix") ?? "autoloader";

  const processPool = new prefect.WorkPool("process-pool", {
    name: `${prefix}-process-pool`,
    type: "process",
    description: "Standard ingestions, run by workers in their own process.",
    concurrencyLimit: config.requireNumber("processRuns"),
  });
  // The queue a pool is born with can be declared like any other.
  const scheduled = new prefect.WorkQueue("scheduled", {
    workPool: processPool.name,
    name: "default",
    description: "Ingestions that run on a schedule.",
    concurrencyLimit: 10,
  });
  const manual = new prefect.WorkQueue("manual", {
    workPool: processPool.name,
    name: "priority",
    description: "Ingestions that somebody started and waits for.",
    concurrencyLimit: 5,
  });
  new prefect.QueueOrder("process-order", {
    workPool: processPool.name,
    queues: [manual.name, scheduled.name],
  });

  const kubernetesPool = new prefect.WorkPool("k8s-pool", {
    name: `${prefix}-k8s-pool`,
    type: "kubernetes",
    description: "Large ingestions, each a Kubernetes job of its own.",
    baseJobTemplate: ingestionTemplate({
      image: config.require("image"),
      namespace: config.get("namespace") ?? "autoloader",
    }),
  });
  const large = new prefect.WorkQueue("large", {
    workPool: kubernetesPool.name,
    name: "high-memory",
    description: "Ingestions of more than 10 GB.",
    concurrencyLimit: 5,
  });
  new prefect.QueueOrder("k8s-order", { workPool: kubernetesPool.name, queues: [large.name] });

  // Task runs with this tag read from the object store, in whichever pool they are.
  new prefect.TagConcurrencyLimit("object-store", {
    tag: `${prefix}-object-store`,
    concurrencyLimit: config.requireNumber("objectStoreReads"),
  });

  return { processPool: processPool.name, kubernetesPool: kubernetesPool.name };
}

// Generated from the contracts by `npm run gen`. Do not edit.

import type { ResourceDescription, SettingDescription } from "./resource-description.ts";

/** The version of this package, and of the plugin that `prefect-iac/native` needs. */
export const pluginVersion = "0.1.0";

export const descriptions = {
  WorkPool: {"kind":"WorkPool","properties":["name","type","description","isPaused","concurrencyLimit","baseJobTemplate","storageConfiguration","adopt","forceDelete","workPoolId","defaultQueueId","created"],"nameField":"name","secretOutputs":[]},
  WorkQueue: {"kind":"WorkQueue","properties":["workPool","name","description","isPaused","concurrencyLimit","priority","adopt","forceDelete","workQueueId","created"],"nameField":"name","secretOutputs":[]},
  QueueOrder: {"kind":"QueueOrder","properties":["workPool","queues"],"secretOutputs":[]},
  BaseJobTemplate: {"kind":"BaseJobTemplate","properties":["workPool","template","onDelete","workPoolId","previousTemplate"],"secretOutputs":["previousTemplate"]},
  GlobalConcurrencyLimit: {"kind":"GlobalConcurrencyLimit","properties":["name","limit","active","slotDecayPerSecond","adopt","forceDelete","concurrencyLimitId","created"],"nameField":"name","secretOutputs":[]},
  TagConcurrencyLimit: {"kind":"TagConcurrencyLimit","properties":["tag","concurrencyLimit","adopt","concurrencyLimitId","created"],"nameField":"tag","secretOutputs":[]},
} satisfies Record<string, ResourceDescription>;

export const settings: readonly SettingDescription[] = [
  { name: "apiUrl", text: true, secret: false },
  { name: "apiKey", text: true, secret: true },
  { name: "authString", text: true, secret: true },
  { name: "customHeaders", text: false, secret: true },
  { name: "profile", text: true, secret: false },
  { name: "accountId", text: true, secret: false },
  { name: "workspaceId", text: true, secret: false },
  { name: "caFile", text: true, secret: false },
  { name: "insecureSkipVerify", text: false, secret: false },
  { name: "requestTimeoutSeconds", text: false, secret: false },
  { name: "maxConcurrentRequests", text: false, secret: false },
  { name: "adopt", text: true, secret: false },
  { name: "forceDelete", text: false, secret: false },
  { name: "contractCheck", text: true, secret: false },
  { name: "lintRules", text: false, secret: false },
];

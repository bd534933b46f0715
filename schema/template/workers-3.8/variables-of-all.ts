import type { JsonObject } from "../../json.ts";

/** What every type of worker lets a pool set. */
export const variablesOfAll = (): JsonObject => ({
  name: {
    title: "Name",
    description: "Name of the process, container or job that a worker starts for a flow run.",
    type: "string",
  },
  env: {
    title: "Environment Variables",
    description: "Environment variables for the flow run, as name and value.",
    type: "object",
    additionalProperties: {
      type: "string",
    },
  },
  labels: {
    title: "Labels",
    description: "Labels to put on whatever a worker starts for a flow run.",
    type: "object",
    additionalProperties: {
      type: "string",
    },
  },
  command: {
    title: "Command",
    description: "Command that starts the flow run. Usually left out: the worker knows the right one.",
    type: "string",
  },
});

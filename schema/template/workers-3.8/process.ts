import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const process = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      stream_output: "{{ stream_output }}",
      working_dir: "{{ working_dir }}",
    },
    variables: {
      type: "object",
      properties: {
        ...variablesOfAll(),
        stream_output: {
          title: "Stream Output",
          description: "Whether the output of the flow run's process also appears in the worker's own output.",
          default: true,
          type: "boolean",
        },
        working_dir: {
          title: "Working Directory",
          description:
            "Directory in which the flow run's process starts. When left out, each run gets a temporary one.",
          type: "string",
          format: "path",
        },
      },
    },
  },
  description: "Runs each flow run as a child process of the worker. The quickest way to start on one machine.",
  display_name: "Process",
  documentation_url: "https://docs.prefect.io/latest/api-ref/prefect/workers/process/",
  install_command: "pip install prefect",
  is_beta: false,
  logo_url: "",
  type: "process",
});

import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const cloudRunV2 = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      credentials: "{{ credentials }}",
      job_body: {
        client: "prefect",
        launchStage: "{{ launch_stage }}",
        template: {
          template: {
            serviceAccount: "{{ service_account_name }}",
            maxRetries: "{{ max_retries }}",
            timeout: "{{ timeout }}",
            vpcAccess: {
              connector: "{{ vpc_connector_name }}",
            },
            containers: [
              {
                env: [],
                image: "{{ image }}",
                command: "{{ command }}",
                args: "{{ args }}",
                resources: {
                  limits: {
                    cpu: "{{ cpu }}",
                    memory: "{{ memory }}",
                  },
                },
              },
            ],
          },
        },
      },
      keep_job: "{{ keep_job }}",
      region: "{{ region }}",
      timeout: "{{ timeout }}",
    },
    variables: {
      description: "What can be set for a flow run on Cloud Run, second API version.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        credentials: {
          title: "GCP Credentials",
          description: "Google Cloud credentials to connect with. When left out, the worker finds its own.",
          allOf: [
            {
              $ref: "#/definitions/GcpCredentials",
            },
          ],
        },
        region: {
          title: "Region",
          description: "Google Cloud region that runs the job.",
          default: "us-central1",
          type: "string",
        },
        image: {
          title: "Image Name",
          description: "Image that the job runs. When left out, a Prefect image.",
          default: "prefecthq/prefect:3-latest",
          type: "string",
        },
        args: {
          title: "Args",
          description: "Arguments for the image's entrypoint.",
          type: "array",
          items: {
            type: "string",
          },
        },
        keep_job: {
          title: "Keep Job After Completion",
          description: "Whether the job stays on Google Cloud when it has ended.",
          default: false,
          type: "boolean",
        },
        launch_stage: {
          title: "Launch Stage",
          description:
            "Launch stage of the job, which decides about preview features; see https://cloud.google.com/run/docs/about-features-categories.",
          default: "BETA",
          enum: [
            "ALPHA",
            "BETA",
            "GA",
            "DEPRECATED",
            "EARLY_ACCESS",
            "PRELAUNCH",
            "UNIMPLEMENTED",
            "LAUNCH_TAG_UNSPECIFIED",
          ],
          type: "string",
        },
        max_retries: {
          title: "Max Retries",
          description: "How often a failed job is tried again.",
          default: 0,
          type: "integer",
        },
        cpu: {
          title: "CPU",
          description: "CPU of the job.",
          default: "1000m",
          type: "string",
        },
        memory: {
          title: "Memory",
          description: "Memory of the job, with its unit `M`, `Mi`, `G` or `Gi`.",
          default: "512Mi",
          example: "512Mi",
          pattern: "^\\d+(?:G|Gi|M|Mi)$",
          type: "string",
        },
        timeout: {
          title: "Job Timeout",
          description: "How long the worker waits for the job to end, in seconds; at most 604800, seven days.",
          default: 600,
          exclusiveMinimum: 0,
          maximum: 604800,
          type: "integer",
        },
        vpc_connector_name: {
          title: "VPC Connector Name",
          description: "VPC connector for the job.",
          type: "string",
        },
        service_account_name: {
          title: "Service Account Name",
          description: "Service account the job acts as. When left out, Compute Engine's default one.",
          example: "service-account@example.iam.gserviceaccount.com",
          type: "string",
        },
      },
      definitions: {
        GcpCredentials: {
          title: "GcpCredentials",
          description:
            "Credentials for Google Cloud: a key file, or its content. With neither, Google's application default credentials are looked for (https://cloud.google.com/docs/authentication/application-default-credentials).",
          type: "object",
          properties: {
            service_account_file: {
              title: "Service Account File",
              description: "File with the service account's JSON key.",
              type: "string",
              format: "path",
            },
            service_account_info: {
              title: "Service Account Info",
              description: "The service account's JSON key itself.",
              type: "object",
            },
            project: {
              title: "Project",
              description: "Google Cloud project to work in.",
              type: "string",
            },
          },
          block_type_slug: "gcp-credentials",
          secret_fields: ["service_account_info.*"],
          block_schema_references: {},
        },
      },
    },
  },
  description:
    "Runs each flow run as a job on Google Cloud Run, through the second version of its API. Needs a Google Cloud account.",
  display_name: "Google Cloud Run V2",
  documentation_url: "https://prefecthq.github.io/prefect-gcp/worker_v2/",
  install_command: "pip install prefect-gcp",
  is_beta: false,
  logo_url: "",
  type: "cloud-run-v2",
});

import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const cloudRun = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      region: "{{ region }}",
      credentials: "{{ credentials }}",
      job_body: {
        apiVersion: "run.googleapis.com/v1",
        kind: "Job",
        metadata: {
          name: "{{ name }}",
          annotations: {
            "run.googleapis.com/launch-stage": "BETA",
          },
        },
        spec: {
          template: {
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      image: "{{ image }}",
                      command: "{{ command }}",
                      resources: {
                        limits: {
                          cpu: "{{ cpu }}",
                          memory: "{{ memory }}",
                        },
                        requests: {
                          cpu: "{{ cpu }}",
                          memory: "{{ memory }}",
                        },
                      },
                    },
                  ],
                  timeoutSeconds: "{{ timeout }}",
                  serviceAccountName: "{{ service_account_name }}",
                },
              },
            },
            metadata: {
              annotations: {
                "run.googleapis.com/vpc-access-connector": "{{ vpc_connector_name }}",
              },
            },
          },
        },
      },
      timeout: "{{ timeout }}",
      keep_job: "{{ keep_job }}",
    },
    variables: {
      description: "What can be set for a flow run on Cloud Run.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        region: {
          title: "Region",
          description: "Google Cloud region of the job.",
          default: "us-central1",
          example: "us-central1",
          type: "string",
        },
        credentials: {
          title: "GCP Credentials",
          description: "Google Cloud credentials that create the job. When left out, the worker finds its own.",
          allOf: [
            {
              $ref: "#/definitions/GcpCredentials",
            },
          ],
        },
        image: {
          title: "Image Name",
          description:
            "Image to run. When left out, a Prefect image. What images are possible: https://cloud.google.com/run/docs/deploying#images.",
          example: "docker.io/prefecthq/prefect:3-latest",
          type: "string",
        },
        cpu: {
          title: "CPU",
          description:
            "CPU of the job in thousandths, for instance `1000m` for one. See https://cloud.google.com/run/docs/configuring/cpu#setting-jobs.",
          pattern: "^(\\d*000)m$",
          example: "1000m",
          type: "string",
        },
        memory: {
          title: "Memory",
          description:
            "Memory of the job with its unit: `M`, `Mi`, `G` or `Gi`. See https://cloud.google.com/run/docs/configuring/memory-limits#setting.",
          pattern: "^\\d+(?:G|Gi|M|Mi)$",
          example: "512Mi",
          type: "string",
        },
        vpc_connector_name: {
          title: "VPC Connector Name",
          description: "VPC connector that the job uses.",
          type: "string",
        },
        service_account_name: {
          title: "Service Account Name",
          description: "Service account that the job acts as. When left out, Compute Engine's default one.",
          example: "service-account@example.iam.gserviceaccount.com",
          type: "string",
        },
        keep_job: {
          title: "Keep Job After Completion",
          description: "Whether the job is kept when it has ended.",
          default: false,
          type: "boolean",
        },
        timeout: {
          title: "Job Timeout",
          description: "How long the worker waits for the job, in seconds.",
          default: 600,
          exclusiveMinimum: 0,
          maximum: 3600,
          type: "integer",
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
  description: "Runs each flow run as a job on Google Cloud Run. Needs a Google Cloud account.",
  display_name: "Google Cloud Run",
  documentation_url: "https://prefecthq.github.io/prefect-gcp/cloud_run_worker/",
  install_command: "pip install prefect-gcp",
  is_beta: false,
  logo_url: "",
  type: "cloud-run",
});

import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const vertexAi = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      region: "{{ region }}",
      credentials: "{{ credentials }}",
      job_spec: {
        service_account_name: "{{ service_account_name }}",
        network: "{{ network }}",
        reserved_ip_ranges: "{{ reserved_ip_ranges }}",
        maximum_run_time_hours: "{{ maximum_run_time_hours }}",
        worker_pool_specs: [
          {
            replica_count: 1,
            container_spec: {
              image_uri: "{{ image }}",
              command: "{{ command }}",
              args: [],
            },
            machine_spec: {
              machine_type: "{{ machine_type }}",
              accelerator_type: "{{ accelerator_type }}",
              accelerator_count: "{{ accelerator_count }}",
            },
            disk_spec: {
              boot_disk_type: "{{ boot_disk_type }}",
              boot_disk_size_gb: "{{ boot_disk_size_gb }}",
            },
          },
        ],
      },
      job_watch_poll_interval: "{{ job_watch_poll_interval }}",
    },
    variables: {
      description: "What can be set for a flow run on Vertex AI.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        region: {
          title: "Region",
          description: "Google Cloud region of the Vertex AI job.",
          example: "us-central1",
          type: "string",
        },
        image: {
          title: "Image Name",
          description:
            "Image to run, by its address in Artifact Registry or Container Registry. Vertex AI must be allowed to read it there. See https://cloud.google.com/vertex-ai/docs/training/create-custom-container.",
          example: "gcr.io/your-project/your-repo:latest",
          type: "string",
        },
        credentials: {
          title: "GCP Credentials",
          description: "Google Cloud credentials that start the job. When left out, the worker finds its own.",
          allOf: [
            {
              $ref: "#/definitions/GcpCredentials",
            },
          ],
        },
        machine_type: {
          title: "Machine Type",
          description:
            "Machine type, which fixes CPU and memory. The types are listed at https://cloud.google.com/vertex-ai/docs/reference/rest/v1/MachineSpec.",
          default: "n1-standard-4",
          type: "string",
        },
        accelerator_type: {
          title: "Accelerator Type",
          description:
            "Kind of accelerator on the machine. The kinds are listed at https://cloud.google.com/vertex-ai/docs/reference/rest/v1/MachineSpec.",
          example: "NVIDIA_TESLA_K80",
          type: "string",
        },
        accelerator_count: {
          title: "Accelerator Count",
          description: "How many accelerators the machine gets.",
          example: 1,
          type: "integer",
        },
        boot_disk_type: {
          title: "Boot Disk Type",
          description: "Kind of boot disk.",
          default: "pd-ssd",
          type: "string",
        },
        boot_disk_size_gb: {
          title: "Boot Disk Size (GB)",
          description: "Size of the boot disk in GB.",
          default: 100,
          type: "integer",
        },
        maximum_run_time_hours: {
          title: "Maximum Run Time (Hours)",
          description: "Longest time the job may run, in hours.",
          default: 1,
          type: "integer",
        },
        network: {
          title: "Network",
          description:
            "Full name of the Compute Engine network to peer the job with, for instance `projects/12345/global/networks/myVPC`. Private services access must be set up there. When left out, none.",
          type: "string",
        },
        reserved_ip_ranges: {
          title: "Reserved IP Ranges",
          description:
            "Names of reserved address ranges in the VPC network; the job gets its addresses from these. When left out, from any range of the network.",
          type: "array",
          items: {
            type: "string",
          },
        },
        service_account_name: {
          title: "Service Account Name",
          description:
            "Service account that the job acts as; the worker needs the right to act as it. Wins over the one in the credentials, and must be set when they have none. When left out, Google's own agent for custom code.",
          type: "string",
        },
        job_watch_poll_interval: {
          title: "Poll Interval (Seconds)",
          description: "Seconds between two looks at the job's state.",
          default: 5.0,
          type: "number",
        },
      },
      required: ["region", "image"],
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
  description: "Runs each flow run as a custom job on Google Vertex AI. Needs a Google Cloud account.",
  display_name: "Google Vertex AI",
  documentation_url: "https://prefecthq.github.io/prefect-gcp/vertex_worker/",
  install_command: "pip install prefect-gcp",
  is_beta: false,
  logo_url: "",
  type: "vertex-ai",
});

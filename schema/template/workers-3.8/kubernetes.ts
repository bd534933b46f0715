import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const kubernetes = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      namespace: "{{ namespace }}",
      job_manifest: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          labels: "{{ labels }}",
          namespace: "{{ namespace }}",
          generateName: "{{ name }}-",
        },
        spec: {
          backoffLimit: 0,
          ttlSecondsAfterFinished: "{{ finished_job_ttl }}",
          template: {
            spec: {
              parallelism: 1,
              completions: 1,
              restartPolicy: "Never",
              serviceAccountName: "{{ service_account_name }}",
              containers: [
                {
                  name: "prefect-job",
                  env: "{{ env }}",
                  image: "{{ image }}",
                  imagePullPolicy: "{{ image_pull_policy }}",
                  args: "{{ command }}",
                  resources: {
                    limits: {
                      cpu: "{{ cpu_limit }}",
                      memory: "{{ memory_limit }}",
                    },
                    requests: {
                      cpu: "{{ cpu_request }}",
                      memory: "{{ memory_request }}",
                    },
                  },
                },
              ],
            },
          },
        },
      },
      cluster_config: "{{ cluster_config }}",
      job_watch_timeout_seconds: "{{ job_watch_timeout_seconds }}",
      pod_watch_timeout_seconds: "{{ pod_watch_timeout_seconds }}",
      stream_output: "{{ stream_output }}",
    },
    variables: {
      description: "What can be set for a flow run on Kubernetes.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        namespace: {
          title: "Namespace",
          description: "Namespace in which the job is created.",
          default: "default",
          type: "string",
        },
        image: {
          title: "Image",
          description: "Image to run. When left out, a Prefect image.",
          example: "docker.io/prefecthq/prefect:3-latest",
          type: "string",
        },
        service_account_name: {
          title: "Service Account Name",
          description: "Service account of the job's pod.",
          type: "string",
        },
        image_pull_policy: {
          title: "Image Pull Policy",
          description: "When the node pulls the image.",
          default: "IfNotPresent",
          enum: ["IfNotPresent", "Always", "Never"],
          type: "string",
        },
        finished_job_ttl: {
          title: "Finished Job TTL",
          description: "Seconds until Kubernetes cleans up a job that has ended. When left out, jobs stay.",
          type: "integer",
        },
        job_watch_timeout_seconds: {
          title: "Job Watch Timeout Seconds",
          description: "Longest time to wait for the next event of a job, in seconds. When left out, without end.",
          type: "integer",
        },
        pod_watch_timeout_seconds: {
          title: "Pod Watch Timeout Seconds",
          description: "How long the pod may take to appear, in seconds.",
          default: 60,
          type: "integer",
        },
        stream_output: {
          title: "Stream Output",
          description: "Whether the pod's output also appears in the worker's output.",
          default: true,
          type: "boolean",
        },
        cluster_config: {
          title: "Cluster Config",
          description: "Kubernetes cluster to create the job in.",
          allOf: [
            {
              $ref: "#/definitions/KubernetesClusterConfig",
            },
          ],
        },
        cpu_request: {
          title: "CPU Request",
          description:
            "CPU to reserve for the container, as a Kubernetes quantity (`500m` is half a CPU). When left out, nothing is reserved.",
          type: "string",
        },
        cpu_limit: {
          title: "CPU Limit",
          description:
            "Most CPU the container may use, as a Kubernetes quantity (`500m` is half a CPU). When left out, no limit.",
          type: "string",
        },
        memory_request: {
          title: "Memory Request",
          description:
            "Memory to reserve for the container, as a Kubernetes quantity, for instance `128Mi`. When left out, nothing is reserved.",
          type: "string",
        },
        memory_limit: {
          title: "Memory Limit",
          description:
            "Most memory the container may use, as a Kubernetes quantity, for instance `1Gi`. When left out, no limit.",
          type: "string",
        },
      },
      definitions: {
        KubernetesClusterConfig: {
          title: "KubernetesClusterConfig",
          description: "How to reach a Kubernetes cluster.",
          type: "object",
          properties: {
            config: {
              title: "Config",
              description: "A whole kubeconfig document.",
              type: "object",
            },
            context_name: {
              title: "Context Name",
              description: "Context of that kubeconfig to use.",
              type: "string",
            },
          },
          required: ["config", "context_name"],
          block_type_slug: "kubernetes-cluster-config",
          secret_fields: [],
          block_schema_references: {},
        },
      },
    },
  },
  description: "Runs each flow run as a job on a Kubernetes cluster. Needs such a cluster.",
  display_name: "Kubernetes",
  documentation_url: "https://prefecthq.github.io/prefect-kubernetes/worker/",
  install_command: "pip install prefect-kubernetes",
  is_beta: false,
  logo_url: "",
  type: "kubernetes",
});

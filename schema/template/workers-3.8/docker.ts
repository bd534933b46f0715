import type { WorkerMetadata } from "../workers/worker-metadata.ts";

export const docker = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      image: "{{ image }}",
      registry_credentials: "{{ registry_credentials }}",
      image_pull_policy: "{{ image_pull_policy }}",
      networks: "{{ networks }}",
      network_mode: "{{ network_mode }}",
      auto_remove: "{{ auto_remove }}",
      volumes: "{{ volumes }}",
      stream_output: "{{ stream_output }}",
      mem_limit: "{{ mem_limit }}",
      memswap_limit: "{{ memswap_limit }}",
      privileged: "{{ privileged }}",
    },
    variables: {
      description: "What can be set for a flow run in a Docker container.",
      type: "object",
      properties: {
        command: {
          title: "Command",
          description: "Command that starts the flow run. Usually left out: the worker knows the right one.",
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
          description: "Labels to put on the container.",
          type: "object",
          additionalProperties: {
            type: "string",
          },
        },
        name: {
          title: "Name",
          description: "Name of the container.",
          type: "string",
        },
        image: {
          title: "Image",
          description: "Image to run. When left out, a Prefect image.",
          example: "docker.io/prefecthq/prefect:3-latest",
          type: "string",
        },
        registry_credentials: {
          title: "Registry Credentials",
          description: "Registry login to pull the image with.",
          allOf: [
            {
              $ref: "#/definitions/DockerRegistryCredentials",
            },
          ],
        },
        image_pull_policy: {
          title: "Image Pull Policy",
          description: "When to pull the image.",
          enum: ["IfNotPresent", "Always", "IfPossible", "Never"],
          type: "string",
        },
        networks: {
          title: "Networks",
          description: "Docker networks that the container joins.",
          type: "array",
          items: {
            type: "string",
          },
        },
        network_mode: {
          title: "Network Mode",
          description: "Network mode of the container, for instance `host` or `bridge`. Not together with `networks`.",
          type: "string",
        },
        auto_remove: {
          title: "Auto Remove",
          description: "Whether the container is removed when it has ended.",
          default: false,
          type: "boolean",
        },
        volumes: {
          title: "Volumes",
          description: "Volumes to mount, in Docker's notation.",
          example: ["/my/local/path:/path/in/container"],
          type: "array",
          items: {
            type: "string",
          },
        },
        stream_output: {
          title: "Stream Output",
          description: "Whether the container's output also appears in the worker's output.",
          default: true,
          type: "boolean",
        },
        mem_limit: {
          title: "Memory Limit",
          description:
            "Most memory the container may use: a number of bytes, or a number with a unit, for instance `512m` or `1g`.",
          type: "string",
        },
        memswap_limit: {
          title: "Memory Swap Limit",
          description:
            "Most memory and swap together, in the notation of `mem_limit`; -1 switches swap off. Only useful with `mem_limit`. When left out, Docker allows as much swap again as memory.",
          type: "string",
        },
        privileged: {
          title: "Privileged",
          description: "Whether the container gets extended privileges on its host.",
          default: false,
          type: "boolean",
        },
      },
      definitions: {
        DockerRegistryCredentials: {
          title: "DockerRegistryCredentials",
          description: "Login for a Docker registry.",
          type: "object",
          properties: {
            username: {
              title: "Username",
              description: "User name at the registry.",
              type: "string",
            },
            password: {
              title: "Password",
              description: "Password at the registry.",
              type: "string",
              writeOnly: true,
              format: "password",
            },
            registry_url: {
              title: "Registry Url",
              description: "Address of the registry; the scheme can usually be left out.",
              example: "index.docker.io",
              type: "string",
            },
            reauth: {
              title: "Reauth",
              description: "Whether to log in again each time, even if a login is already known.",
              default: true,
              type: "boolean",
            },
          },
          required: ["username", "password", "registry_url"],
          block_type_slug: "docker-registry-credentials",
          secret_fields: ["password"],
          block_schema_references: {},
        },
      },
    },
  },
  description:
    "Runs each flow run in a Docker container, so that an image decides what it finds there. Needs a Docker daemon within the worker's reach.",
  display_name: "Docker",
  documentation_url: "https://prefecthq.github.io/prefect-docker/worker/",
  install_command: "pip install prefect-docker",
  is_beta: false,
  logo_url: "",
  type: "docker",
});

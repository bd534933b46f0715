import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const azureContainerInstance = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      image: "{{ image }}",
      resource_group_name: "{{ resource_group_name }}",
      subscription_id: "{{ subscription_id }}",
      identities: "{{ identities }}",
      entrypoint: "{{ entrypoint }}",
      image_registry: "{{ image_registry }}",
      cpu: "{{ cpu }}",
      gpu_count: "{{ gpu_count }}",
      gpu_sku: "{{ gpu_sku }}",
      memory: "{{ memory }}",
      subnet_ids: "{{ subnet_ids }}",
      dns_servers: "{{ dns_servers }}",
      stream_output: "{{ stream_output }}",
      aci_credentials: "{{ aci_credentials }}",
      task_start_timeout_seconds: "{{ task_start_timeout_seconds }}",
      task_watch_poll_interval: "{{ task_watch_poll_interval }}",
      arm_template: {
        $schema: "https://schema.management.azure.com/schemas/2019-08-01/deploymentTemplate.json#",
        contentVersion: "1.0.0.0",
        parameters: {
          location: {
            type: "string",
            defaultValue: "[resourceGroup().location]",
            metadata: {
              description: "Azure location in which everything is created.",
            },
          },
          container_group_name: {
            type: "string",
            defaultValue: "[uniqueString(resourceGroup().id)]",
            metadata: {
              description: "Name of the new container group.",
            },
          },
          container_name: {
            type: "string",
            defaultValue: "[uniqueString(resourceGroup().id)]",
            metadata: {
              description: "Name of the new container.",
            },
          },
        },
        resources: [
          {
            type: "Microsoft.ContainerInstance/containerGroups",
            apiVersion: "2022-09-01",
            name: "[parameters('container_group_name')]",
            location: "[parameters('location')]",
            properties: {
              containers: [
                {
                  name: "[parameters('container_name')]",
                  properties: {
                    image: "{{ image }}",
                    command: "{{ command }}",
                    resources: {
                      requests: {
                        cpu: "{{ cpu }}",
                        memoryInGB: "{{ memory }}",
                      },
                    },
                    environmentVariables: [],
                  },
                },
              ],
              osType: "Linux",
              restartPolicy: "Never",
            },
          },
        ],
      },
    },
    variables: {
      description: "What can be set for a flow run on Azure Container Instances.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        image: {
          title: "Image",
          description:
            "Image of the flow run's container. When left out, a Prefect image that matches the worker's versions.",
          type: "string",
        },
        resource_group_name: {
          title: "Azure Resource Group Name",
          description: "Resource group in which the containers are created.",
          type: "string",
        },
        subscription_id: {
          title: "Azure Subscription ID",
          description: "Id of the Azure subscription that the containers belong to.",
          type: "string",
          writeOnly: true,
          format: "password",
        },
        identities: {
          title: "Identities",
          description:
            "User-assigned managed identities of the container group, each as a full ARM resource id (`/subscriptions/.../providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>`).",
          type: "array",
          items: {
            type: "string",
          },
        },
        entrypoint: {
          title: "Entrypoint",
          description:
            "Entrypoint of the container; the flow run's command is passed to it. Change it only for images that are not built on a Prefect image.",
          default: "/opt/prefect/entrypoint.sh",
          type: "string",
        },
        image_registry: {
          title: "Image Registry (Optional)",
          description:
            "Where a private image comes from: `DockerRegistry` for user and password, `ACRManagedIdentity` for an Azure registry and a managed identity.",
          anyOf: [
            {
              $ref: "#/definitions/DockerRegistryCredentials",
            },
            {
              $ref: "#/definitions/ACRManagedIdentity",
            },
          ],
        },
        cpu: {
          title: "CPU",
          description: "How many virtual CPUs the container gets. When left out, one.",
          default: 1.0,
          type: "number",
        },
        gpu_count: {
          title: "GPU Count",
          description: "How many GPUs the container gets. When left out, none.",
          type: "integer",
        },
        gpu_sku: {
          title: "GPU SKU",
          description: "Kind of GPU, as Azure names it. Not every region has every kind.",
          type: "string",
        },
        memory: {
          title: "Memory",
          description: "Memory of the container in GB; Azure allows certain values only. When left out, one.",
          default: 1.0,
          type: "number",
        },
        subnet_ids: {
          title: "Subnet IDs",
          description: "Ids of the subnets that the container group joins.",
          type: "array",
          items: {
            type: "string",
          },
        },
        dns_servers: {
          title: "DNS Servers",
          description: "DNS servers that the container group asks.",
          type: "array",
          items: {
            type: "string",
          },
        },
        aci_credentials: {
          title: "Aci Credentials",
          description: "Credentials for calls to Azure.",
          allOf: [
            {
              $ref: "#/definitions/AzureContainerInstanceCredentials",
            },
          ],
        },
        stream_output: {
          title: "Stream Output",
          description: "Whether the container's log also appears in the worker's output.",
          default: false,
          type: "boolean",
        },
        task_start_timeout_seconds: {
          title: "Task Start Timeout Seconds",
          description: "How long the container may take to start, in seconds, before its flow run counts as failed.",
          default: 240,
          type: "integer",
        },
        task_watch_poll_interval: {
          title: "Task Watch Poll Interval",
          description: "Seconds between two looks at the container's state.",
          default: 5.0,
          type: "number",
        },
      },
      required: ["resource_group_name", "subscription_id"],
      definitions: {
        DockerRegistryCredentials: {
          title: "DockerRegistryCredentials",
          description: "A Docker registry to log in to. A Docker engine must be within reach.",
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
        ACRManagedIdentity: {
          title: "ACRManagedIdentity",
          description:
            "An Azure container registry that is reached with a managed identity. The container group must have that identity.",
          type: "object",
          properties: {
            registry_url: {
              title: "Registry URL",
              description:
                "Address of the registry, for instance `myregistry.azurecr.io`; the scheme can usually be left out.",
              type: "string",
            },
            identity: {
              title: "Identity",
              description: "User-assigned managed identity that may pull from the registry.",
              type: "string",
            },
          },
          required: ["registry_url", "identity"],
        },
        AzureContainerInstanceCredentials: {
          title: "AzureContainerInstanceCredentials",
          description: "Service principal for Azure Container Instances.",
          type: "object",
          properties: {
            client_id: {
              title: "Client ID",
              description:
                "Client id of the service principal. Give it together with tenant id and client secret; with none of the three, Azure's default credential chain is used.",
              type: "string",
            },
            tenant_id: {
              title: "Tenant ID",
              description:
                "Tenant id of the service principal. Give it together with client id and client secret; with none of the three, Azure's default credential chain is used.",
              type: "string",
            },
            client_secret: {
              title: "Client Secret",
              description:
                "Client secret of the service principal. Give it together with client id and tenant id; with none of the three, Azure's default credential chain is used.",
              type: "string",
              writeOnly: true,
              format: "password",
            },
            credential_kwargs: {
              title: "Additional Credential Keyword Arguments",
              description: "Further keyword arguments for the Azure credential class in use.",
              type: "object",
            },
          },
          block_type_slug: "azure-container-instance-credentials",
          secret_fields: ["client_secret"],
          block_schema_references: {},
        },
      },
    },
  },
  description: "Runs each flow run as a container on Azure Container Instances. Needs an Azure account.",
  display_name: "Azure Container Instances",
  documentation_url: "https://prefecthq.github.io/prefect-azure/container_instance_worker/",
  install_command: "pip install prefect-azure",
  is_beta: false,
  logo_url: "",
  type: "azure-container-instance",
});

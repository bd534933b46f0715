import type { WorkerMetadata } from "../workers/worker-metadata.ts";
import { variablesOfAll } from "./variables-of-all.ts";

export const ecs = (): WorkerMetadata => ({
  default_base_job_configuration: {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      aws_credentials: "{{ aws_credentials }}",
      task_definition: {
        containerDefinitions: [
          {
            image: "{{ image }}",
            name: "{{ container_name }}",
          },
        ],
        cpu: "{{ cpu }}",
        family: "{{ family }}",
        memory: "{{ memory }}",
        executionRoleArn: "{{ execution_role_arn }}",
      },
      task_run_request: {
        launchType: "{{ launch_type }}",
        cluster: "{{ cluster }}",
        overrides: {
          containerOverrides: [
            {
              name: "{{ container_name }}",
              command: "{{ command }}",
              environment: "{{ env }}",
              cpu: "{{ cpu }}",
              memory: "{{ memory }}",
            },
          ],
          cpu: "{{ cpu }}",
          memory: "{{ memory }}",
          taskRoleArn: "{{ task_role_arn }}",
        },
        tags: "{{ labels }}",
        taskDefinition: "{{ task_definition_arn }}",
        capacityProviderStrategy: "{{ capacity_provider_strategy }}",
      },
      configure_cloudwatch_logs: "{{ configure_cloudwatch_logs }}",
      cloudwatch_logs_options: "{{ cloudwatch_logs_options }}",
      cloudwatch_logs_prefix: "{{ cloudwatch_logs_prefix }}",
      network_configuration: "{{ network_configuration }}",
      stream_output: "{{ stream_output }}",
      task_start_timeout_seconds: "{{ task_start_timeout_seconds }}",
      task_watch_poll_interval: "{{ task_watch_poll_interval }}",
      auto_deregister_task_definition: "{{ auto_deregister_task_definition }}",
      vpc_id: "{{ vpc_id }}",
      container_name: "{{ container_name }}",
      cluster: "{{ cluster }}",
      match_latest_revision_in_family: "{{ match_latest_revision_in_family }}",
    },
    variables: {
      description: "What can be set for a flow run on Amazon ECS.",
      type: "object",
      properties: {
        ...variablesOfAll(),
        env: {
          title: "Environment Variables",
          description:
            "Environment variables for the Prefect container, as name and value. They are given when the task is run and are not written to the task definition.",
          type: "object",
          additionalProperties: {
            type: "string",
          },
        },
        task_definition_arn: {
          title: "Task Definition Arn",
          description:
            "ARN of a task definition that exists already. It is used as it is: whatever the job configuration says about the task definition has no effect.",
          type: "string",
        },
        aws_credentials: {
          title: "AWS Credentials",
          description:
            "AWS credentials for calls to ECS. When left out, the worker finds its own the way boto3 does: environment, shared files, instance role.",
          allOf: [
            {
              $ref: "#/definitions/AwsCredentials",
            },
          ],
        },
        cluster: {
          title: "Cluster",
          description:
            "Name or ARN of the ECS cluster that runs the task. When left out, the account's default cluster.",
          type: "string",
        },
        family: {
          title: "Family",
          description:
            "Family of the task definition. When left out, the one in the task definition counts; failing that, a name is made, from the names of flow and deployment where they are known. Characters that AWS does not allow are replaced.",
          type: "string",
        },
        launch_type: {
          title: "Launch Type",
          description:
            "Where ECS places the task. `FARGATE_SPOT` is not a launch type of AWS itself: the worker turns it into the capacity provider strategy that means the same.",
          default: "FARGATE",
          enum: ["FARGATE", "EC2", "EXTERNAL", "FARGATE_SPOT"],
          type: "string",
        },
        capacity_provider_strategy: {
          title: "Capacity Provider Strategy",
          description: "Capacity providers to place the task with. When set, the launch type is not used.",
          type: "array",
          items: {
            $ref: "#/definitions/CapacityProvider",
          },
        },
        image: {
          title: "Image",
          description:
            "Image of the Prefect container. When set, it replaces the image in the task definition. When left out, a Prefect image that matches the worker's versions.",
          type: "string",
        },
        cpu: {
          title: "CPU",
          description:
            "CPU units of the task (1024 are one CPU); AWS allows certain values only. When left out, what the task definition says, else 1024.",
          type: "integer",
        },
        memory: {
          title: "Memory",
          description:
            "Memory of the task in MiB; AWS allows certain values only. When left out, what the task definition says, else 2048.",
          type: "integer",
        },
        container_name: {
          title: "Container Name",
          description:
            "Which container of the task runs the flow. When left out, the one called `prefect`, or the task definition's first.",
          type: "string",
        },
        task_role_arn: {
          title: "Task Role ARN",
          description: "IAM role that the running task acts as.",
          type: "string",
        },
        execution_role_arn: {
          title: "Execution Role ARN",
          description:
            "IAM role that ECS itself uses to start the task. When set, it replaces the one in the task definition. Collecting the container's logs needs one.",
          type: "string",
        },
        vpc_id: {
          title: "VPC ID",
          description:
            "VPC to attach the task to. Counts only in network mode `awsvpc`, which Fargate always uses (EC2 tasks are in `bridge` mode unless told otherwise). When left out in that mode, the account's default VPC; without one the run fails.",
          type: "string",
        },
        configure_cloudwatch_logs: {
          title: "Configure Cloudwatch Logs",
          description:
            "Whether the Prefect container writes its output to CloudWatch Logs. The execution role must be allowed `logs:CreateLogStream`, `logs:CreateLogGroup` and `logs:PutLogEvents`. When left out, only if `stream_output` is on.",
          type: "boolean",
        },
        cloudwatch_logs_options: {
          title: "Cloudwatch Logs Options",
          description:
            "Further options of the CloudWatch log driver, as name and value; they win over the worker's own. Used when `configure_cloudwatch_logs` is on. The names are listed at https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html#create_awslogs_logdriver_options.",
          type: "object",
          additionalProperties: {
            type: "string",
          },
        },
        cloudwatch_logs_prefix: {
          title: "Cloudwatch Logs Prefix",
          description:
            "Prefix of the log streams. When left out, `prefect-logs_<work_pool_name>_<deployment_id>`. Has no effect when `awslogs-stream-prefix` is among the CloudWatch options.",
          type: "string",
        },
        network_configuration: {
          title: "Network Configuration",
          description:
            "An `awsvpcConfiguration` to run the task with, in place of the worker's own. Its keys are described at https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ecs-service-awsvpcconfiguration.html.",
          type: "object",
        },
        stream_output: {
          title: "Stream Output",
          description:
            "Whether the container's log also appears in the worker's output. Needs what `configure_cloudwatch_logs` needs, unless the task definition sets up CloudWatch by itself.",
          type: "boolean",
        },
        task_start_timeout_seconds: {
          title: "Task Start Timeout Seconds",
          description: "How long the task may take to reach RUNNING, in seconds, before its flow run counts as failed.",
          default: 300,
          type: "integer",
        },
        task_watch_poll_interval: {
          title: "Task Watch Poll Interval",
          description: "Seconds between two looks at the task's state.",
          default: 5.0,
          type: "number",
        },
        auto_deregister_task_definition: {
          title: "Auto Deregister Task Definition",
          description:
            "Whether the worker deregisters task definitions that it registered. AWS keeps them, as INACTIVE. A definition given by ARN is never touched.",
          default: false,
          type: "boolean",
        },
        match_latest_revision_in_family: {
          title: "Match Latest Revision In Family",
          description:
            "Whether to compare with the newest active revision of the family first (`prefect`, when no family is set), and to run that one when it is the same, so that no new revision is registered.",
          default: false,
          type: "boolean",
        },
      },
      definitions: {
        AwsClientParameters: {
          title: "AwsClientParameters",
          description:
            "How boto3 clients are made. All of it is optional; see https://boto3.amazonaws.com/v1/documentation/api/latest/reference/core/session.html for what each option means to boto3.",
          type: "object",
          properties: {
            api_version: {
              title: "API Version",
              description: "API version to speak. When left out, the newest that botocore knows.",
              type: "string",
            },
            use_ssl: {
              title: "Use SSL",
              description: "Whether to connect with TLS.",
              default: true,
              type: "boolean",
            },
            verify: {
              title: "Verify",
              description: "Whether the server's certificate is verified.",
              default: true,
              anyOf: [
                {
                  type: "boolean",
                },
                {
                  type: "string",
                  format: "file-path",
                },
              ],
            },
            verify_cert_path: {
              title: "Certificate Authority Bundle File Path",
              description: "File with the authorities' certificates to trust, in place of botocore's own bundle.",
              format: "file-path",
              type: "string",
            },
            endpoint_url: {
              title: "Endpoint URL",
              description: "Full URL to call, in place of the one botocore works out. Decides about TLS too.",
              type: "string",
            },
            config: {
              title: "Botocore Config",
              description: "Advanced options for `botocore.config.Config`.",
              type: "object",
            },
          },
        },
        AwsCredentials: {
          title: "AwsCredentials",
          description:
            "Credentials for AWS, handed to boto3. Ways to give them are explained at https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html.",
          type: "object",
          properties: {
            aws_access_key_id: {
              title: "AWS Access Key ID",
              description: "Id of the access key.",
              type: "string",
            },
            aws_secret_access_key: {
              title: "AWS Access Key Secret",
              description: "Secret part of the access key.",
              type: "string",
              writeOnly: true,
              format: "password",
            },
            aws_session_token: {
              title: "AWS Session Token",
              description: "Session token that belongs to temporary credentials.",
              type: "string",
            },
            profile_name: {
              title: "Profile Name",
              description: "Profile in the shared AWS configuration to take credentials from.",
              type: "string",
            },
            region_name: {
              title: "Region Name",
              description: "AWS region to connect to.",
              type: "string",
            },
            aws_client_parameters: {
              title: "AWS Client Parameters",
              description: "Further options for the client.",
              allOf: [
                {
                  $ref: "#/definitions/AwsClientParameters",
                },
              ],
            },
          },
          block_type_slug: "aws-credentials",
          secret_fields: ["aws_secret_access_key"],
          block_schema_references: {},
        },
        CapacityProvider: {
          title: "CapacityProvider",
          description: "One capacity provider and its share of the tasks.",
          type: "object",
          properties: {
            capacityProvider: {
              title: "Capacityprovider",
              type: "string",
            },
            weight: {
              title: "Weight",
              type: "integer",
            },
            base: {
              title: "Base",
              type: "integer",
            },
          },
          required: ["capacityProvider", "weight", "base"],
        },
      },
    },
  },
  description: "Runs each flow run as a container task on Amazon ECS, on Fargate or EC2. Needs an AWS account.",
  display_name: "AWS Elastic Container Service",
  documentation_url: "https://prefecthq.github.io/prefect-aws/ecs_worker/",
  install_command: "pip install prefect-aws",
  is_beta: false,
  logo_url: "",
  type: "ecs",
});

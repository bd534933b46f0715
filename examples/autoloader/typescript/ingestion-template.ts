/** The job that a Kubernetes worker starts for one large ingestion. `variables` are what a deployment may set with its
 *  `job_variables`, `{{ … }}` is where they go. */
export function ingestionTemplate(settings: { image: string; namespace: string }) {
  return {
    job_configuration: {
      command: "{{ command }}",
      env: "{{ env }}",
      labels: "{{ labels }}",
      name: "{{ name }}",
      namespace: "{{ namespace }}",
      stream_output: true,
      pod_watch_timeout_seconds: 120,
      job_manifest: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { generateName: "{{ name }}-", namespace: "{{ namespace }}", labels: "{{ labels }}" },
        spec: {
          backoffLimit: 0,
          ttlSecondsAfterFinished: 3600,
          template: {
            spec: {
              parallelism: 1,
              completions: 1,
              restartPolicy: "Never",
              serviceAccountName: "prefect-worker",
              containers: [
                {
                  name: "ingestion",
                  image: "{{ image }}",
                  imagePullPolicy: "IfNotPresent",
                  env: "{{ env }}",
                  args: "{{ command }}",
                  resources: {
                    requests: { cpu: "{{ cpu }}", memory: "{{ memory }}" },
                    limits: { cpu: "{{ cpu }}", memory: "{{ memory }}" },
                  },
                },
              ],
            },
          },
        },
      },
    },
    variables: {
      type: "object",
      properties: {
        command: { type: "string", title: "Command", description: "Left out, the worker makes it." },
        env: { type: "object", title: "Environment", additionalProperties: { type: "string" }, default: {} },
        labels: { type: "object", title: "Labels", additionalProperties: { type: "string" } },
        name: { type: "string", title: "Name" },
        namespace: { type: "string", title: "Namespace", default: settings.namespace },
        image: { type: "string", title: "Image", default: settings.image },
        cpu: { type: "string", title: "CPUs", default: "8" },
        memory: { type: "string", title: "Memory", default: "32Gi" },
      },
    },
  };
}

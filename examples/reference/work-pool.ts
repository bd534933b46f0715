import * as prefect from "prefect-iac";

export const etl = new prefect.WorkPool("etl", {
  type: "kubernetes",
  concurrencyLimit: 20,
  baseJobTemplate: {
    job_configuration: {
      image: "{{ image }}",
      env: "{{ env }}",
    },
    variables: {
      type: "object",
      properties: {
        image: { type: "string", default: "registry.example.com/flows:2026.1" },
        env: { type: "object", additionalProperties: { type: "string" } },
      },
    },
  },
});

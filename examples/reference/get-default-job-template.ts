import * as prefect from "prefect-iac";

const { template } = prefect.getDefaultJobTemplateOutput({ type: "kubernetes" });

export const etl = new prefect.WorkPool("etl", { type: "kubernetes", baseJobTemplate: template });

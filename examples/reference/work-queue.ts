import * as prefect from "prefect-iac";

const etl = new prefect.WorkPool("etl", { type: "process" });

export const urgent = new prefect.WorkQueue("urgent", {
  workPool: etl.name,
  description: "Runs that somebody waits for",
  concurrencyLimit: 5,
  priority: 1,
});

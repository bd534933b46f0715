import * as prefect from "prefect-iac";

const etl = new prefect.WorkPool("etl", { type: "process" });
const urgent = new prefect.WorkQueue("urgent", { workPool: etl.name });
const nightly = new prefect.WorkQueue("nightly", { workPool: etl.name, concurrencyLimit: 2 });

export const order = new prefect.QueueOrder("etl-order", {
  workPool: etl.name,
  queues: [urgent.name, nightly.name],
});

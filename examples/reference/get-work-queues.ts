import * as prefect from "prefect-iac";

const { queues } = prefect.getWorkQueuesOutput({ workPool: "shared" });

export const servedFirst = queues.apply(([first]) => first?.name);

import * as prefect from "prefect-iac";

const pool = prefect.getWorkPoolOutput({ name: "shared" });

export const slotsInUse = pool.activeSlots;

import * as prefect from "prefect-iac";

// At most 10 at once, and a slot frees itself twice a second: 2 calls a second on average.
export const warehouse = new prefect.GlobalConcurrencyLimit("warehouse", {
  limit: 10,
  slotDecayPerSecond: 2,
});

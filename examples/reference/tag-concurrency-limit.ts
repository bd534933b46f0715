import * as prefect from "prefect-iac";

export const database = new prefect.TagConcurrencyLimit("database", { concurrencyLimit: 3 });

import * as prefect from "prefect-iac/native";

const staging = new prefect.Provider("staging", { apiUrl: "https://prefect.staging.example.com/api" });

export const etl = new prefect.WorkPool("etl", { type: "process" }, { provider: staging });

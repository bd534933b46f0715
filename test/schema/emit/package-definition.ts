import type { PackageDefinition, PackageMetadata } from "../../../schema/emit/pulumi.ts";
import { contracts, functions, providerConfig, TEMPLATE_RULES } from "../../../schema/index.ts";

export const definition: PackageDefinition = { contracts, functions, settings: providerConfig, rules: TEMPLATE_RULES };

export const metadata: PackageMetadata = {
  version: "1.2.3",
  description: "A package.",
  license: "Apache-2.0",
  keywords: ["a"],
};

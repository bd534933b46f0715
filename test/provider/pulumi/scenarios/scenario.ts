import { encode } from "../../../../provider/pulumi/codec.ts";
import { UNKNOWN } from "../../../../schema/json.ts";
import type { ProviderEnvironment } from "../provider-environment.ts";
import type { Properties } from "../provider-process.ts";

/** Runs against the plugin and against the dynamic provider. The results must be equal. */
export interface Scenario {
  name: string;
  run(env: ProviderEnvironment): Promise<unknown>;
}

/** A secret: must never appear in any output. */
export const PLANTED = "planted-f00dfeed";

export const unknown = encode(UNKNOWN) as string;

export const template = (image: unknown, more: Properties = {}): Properties => ({
  job_configuration: { image: "{{ image }}", env: { HOME: "/root" }, ...more },
  variables: { type: "object", properties: { image: { type: "string", default: image } } },
});

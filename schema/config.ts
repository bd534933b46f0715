import { z } from "zod";
import { adoptPolicy, severity, uuid } from "./contracts/types.ts";
import { nearestName } from "./nearest-name.ts";
import { TEMPLATE_RULES } from "./template/template-rules.ts";

/** One setting of the provider. */
export interface Setting<Type extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly doc: string;
  readonly secret: boolean;
  /** Environment variables that are read when the setting is not set explicitly; the first one that is set wins. Prefect's own
   *  names. */
  readonly environment: readonly string[];
}

function setting<Type extends z.ZodType>(
  type: Type,
  options: { doc: string; secret?: boolean; environment?: readonly string[] },
): Setting<Type> {
  return { type, doc: options.doc, secret: options.secret ?? false, environment: options.environment ?? [] };
}

const lintRules = z.record(z.string(), severity).superRefine((severities, context) => {
  for (const id of Object.keys(severities).filter((each) => !Object.hasOwn(TEMPLATE_RULES, each))) {
    const near = nearestName(id, Object.keys(TEMPLATE_RULES));
    const next = near === undefined ? "The reference lists them (template-rules.md)" : `Did you mean "${near}"?`;
    context.addIssue({ code: "custom", path: [id], message: `is not the id of a template rule. ${next}` });
  }
});

/** The provider's configuration. Precedence: explicit configuration, then the environment, then the active profile of
 *  profiles.toml. What comes from the environment or a profile is never stored in the state. */
export const providerConfig = {
  apiUrl: setting(z.string(), {
    doc: "URL of the Prefect API, for instance `http://127.0.0.1:4200/api`. With or without `/api`, with any path prefix, or a Prefect Cloud workspace URL.",
    environment: ["PREFECT_API_URL"],
  }),
  apiKey: setting(z.string(), { doc: "API key of Prefect Cloud.", secret: true, environment: ["PREFECT_API_KEY"] }),
  authString: setting(z.string(), {
    doc: "`user:password` of a self-hosted server with basic authentication.",
    secret: true,
    environment: ["PREFECT_API_AUTH_STRING"],
  }),
  customHeaders: setting(z.record(z.string(), z.string()), {
    doc: "Headers to send with every request, for instance for a proxy.",
    secret: true,
    environment: ["PREFECT_CLIENT_CUSTOM_HEADERS"],
  }),
  profile: setting(z.string(), {
    doc: "Profile of profiles.toml to read settings from. Default: the active one.",
    environment: ["PREFECT_PROFILE"],
  }),
  accountId: setting(uuid, { doc: "Account of Prefect Cloud; with `workspaceId`, instead of a URL." }),
  workspaceId: setting(uuid, { doc: "Workspace of Prefect Cloud; with `accountId`, instead of a URL." }),
  caFile: setting(z.string(), {
    doc: "File with PEM certificates of certificate authorities to trust, in addition to the built-in ones.",
    environment: ["PREFECT_API_SSL_CERT_FILE"],
  }),
  insecureSkipVerify: setting(z.boolean(), {
    doc: "Accept any TLS certificate. For tests only.",
    environment: ["PREFECT_API_TLS_INSECURE_SKIP_VERIFY"],
  }),
  requestTimeoutSeconds: setting(z.number().positive({ error: "must be more than 0" }), {
    doc: "Timeout of one operation on the API including all its retries, in seconds. Default 150.",
  }),
  maxConcurrentRequests: setting(z.int().min(1, { error: "must be 1 or more" }), {
    doc: "Most concurrent requests. Default 16; lowered automatically while the server is overloaded.",
  }),
  adopt: setting(adoptPolicy, { doc: "Default of every resource's `adopt`. Default `refuse`." }),
  forceDelete: setting(z.boolean(), {
    doc: "Default of every resource's `forceDelete`. Default false. Takes effect once it is applied: `pulumi destroy` does not run the program, and so does not see a change since the last `up`.",
  }),
  contractCheck: setting(severity, {
    doc: "What happens on a template change after which the server would refuse runs of existing deployments: `error` (default) fails the preview, `warn` warns, `off` does not check. A job variable that would lose its effect is a warning, except with `off`.",
  }),
  lintRules: setting(lintRules, {
    doc: 'Severity of template rules by id (docs/reference/template-rules.md), for instance `{ "template/unused-variable": "error" }`. Rules that stand for a refusal of the server stay errors.',
  }),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof providerConfig;

/** The settings after reading their types; nothing from the environment yet. */
export type ProviderSettings = { [Name in SettingName]?: z.infer<(typeof providerConfig)[Name]["type"]> };

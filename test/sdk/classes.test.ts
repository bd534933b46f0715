import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { contractOf } from "../../schema/contracts/index.ts";
import { kinds } from "../../schema/contracts/kinds.ts";
import * as dynamic from "../../sdk/index.ts";
import * as native from "../../sdk/native.ts";
import { pluginVersion } from "../../sdk/runtime/descriptions.generated.ts";
import { sampleOf } from "../support/samples.ts";
import { runProgram, valueIn } from "./run-program.ts";

const code = (kind: string) => `exports.handler=()=>require("prefect-iac/dynamic").handler("${kind}")`;

describe.each([
  { mode: "dynamic", prefect: dynamic, type: (kind: string) => `pulumi-nodejs:dynamic/prefect:${kind}` },
  { mode: "native", prefect: native, type: (kind: string) => `prefect:index:${kind}` },
])("the $mode classes", ({ mode, prefect, type }) => {
  const own = (kind: string) => (mode === "dynamic" ? { __provider: code(kind) } : {});

  it("a resource registers what was declared, under its own type", async () => {
    const { resources } = await runProgram(() => new prefect.WorkPool("etl", { type: "process", concurrencyLimit: 5 }));
    expect(resources).toEqual([
      {
        type: type("WorkPool"),
        name: "etl",
        inputs: { name: "etl", type: "process", concurrencyLimit: 5, ...own("WorkPool") },
        id: undefined,
      },
    ]);
  });

  it("every kind registers under its type and takes its name where it has one", async () => {
    for (const kind of kinds) {
      const { fields } = contractOf(kind);
      const named = Object.keys(fields).find((field) => fields[field]?.defaultsToResourceName);
      const { [named ?? ""]: _, ...args } = sampleOf(kind).minimal;
      const { resources } = await runProgram(() => Reflect.construct(prefect[kind], ["it", args]));
      expect(resources.map((resource) => [resource.type, resource.inputs])).toEqual([
        [type(kind), { ...args, ...(named === undefined ? {} : { [named]: "it" }), ...own(kind) }],
      ]);
    }
  });

  it("a declared name wins over the resource's name, and an output that holds none does not", async () => {
    const { resources } = await runProgram(() => {
      new prefect.WorkPool("first", { name: "declared", type: "process" });
      new prefect.WorkPool("second", { name: pulumi.output(undefined), type: "process" });
      new prefect.WorkPool("third", { name: pulumi.output(Promise.resolve("later")), type: "process" });
    });
    expect(new Set(resources.map((resource) => resource.inputs.name))).toEqual(
      new Set(["declared", "second", "later"]),
    );
  });

  it("outputs deep inside a document arrive as values", async () => {
    const { resources } = await runProgram(() => {
      const image = pulumi.output("flows:1");
      const properties = { image: { type: "string", default: image }, list: [{ of: [image] }] };
      new prefect.WorkPool("etl", {
        type: "docker",
        baseJobTemplate: { job_configuration: {}, variables: { properties } },
      });
    });
    expect(resources[0]?.inputs.baseJobTemplate).toEqual({
      job_configuration: {},
      variables: { properties: { image: { type: "string", default: "flows:1" }, list: [{ of: ["flows:1"] }] } },
    });
  });

  it("names that are not fields are passed on, so that check can refuse them", async () => {
    const misspelt = { type: "process", concurencyLimit: 5 };
    const { resources } = await runProgram(() => new prefect.WorkPool("etl", misspelt));
    expect(resources[0]?.inputs).toMatchObject({ concurencyLimit: 5 });
  });

  it("every field, directive and computed output is an output, also when nothing was declared", async () => {
    const { result } = await runProgram(() => new prefect.WorkPool("etl", { type: "process" }));
    expect(await valueIn(result.created)).toBe("etl.created");
    expect(await valueIn(pulumi.all([result.description, result.adopt, result.workPoolId]))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("the secret outputs and the type in the other package are passed as options, beside the caller's own", async () => {
    let options: pulumi.CustomResourceOptions = {};
    const recordOptions: pulumi.ResourceTransformation = ({ opts }) => {
      options = opts;
      return undefined;
    };
    await runProgram(
      () =>
        new prefect.BaseJobTemplate(
          "t",
          { workPool: "p", template: {} },
          { aliases: [{ name: "old" }], protect: true, transformations: [recordOptions] },
        ),
    );
    const other = mode === "dynamic" ? "prefect:index:" : "pulumi-nodejs:dynamic/prefect:";
    expect(options.additionalSecretOutputs).toEqual(["previousTemplate"]);
    expect(options.aliases).toEqual([{ name: "old" }, { type: `${other}BaseJobTemplate` }]);
    expect([options.protect, options.version]).toEqual([true, mode === "native" ? pluginVersion : undefined]);
  });

  it("a secret anywhere in what was declared stays a secret", async () => {
    const { result } = await runProgram(
      () => new prefect.WorkPool("etl", { type: "process", description: pulumi.secret("hidden") }),
    );
    expect(await pulumi.isSecret(result.description)).toBe(true);
  });

  it("get reads by id and declares nothing", async () => {
    const { resources } = await runProgram(() => prefect.WorkPool.get("theirs", "shared"));
    expect(resources).toEqual([{ type: type("WorkPool"), name: "theirs", inputs: own("WorkPool"), id: "shared" }]);
  });
});

describe("the dynamic classes refuse what needs the plugin, and say so", () => {
  const pool = { type: "process" };

  it("an import", async () => {
    const attempt = () => runProgram(() => new dynamic.WorkPool("etl", pool, { import: "etl" }));
    await expect(attempt()).rejects.toThrow(/"import" does not work .* import WorkPool from "prefect-iac\/native"/);
  });

  it("an explicit provider", async () => {
    const attempt = () =>
      runProgram(() => new dynamic.WorkPool("etl", pool, { provider: new native.Provider("p", {}) }));
    await expect(attempt()).rejects.toThrow(/no "provider" option; import WorkPool from "prefect-iac\/native"/);
  });
});

describe("an explicit provider", () => {
  it("sends text as it is, everything else as JSON, and credentials as secrets", async () => {
    const { resources } = await runProgram(
      () =>
        new native.Provider("staging", {
          apiUrl: "http://127.0.0.1:4200/api",
          apiKey: "hidden",
          customHeaders: { "x-team": pulumi.output("data") },
          requestTimeoutSeconds: 5,
          insecureSkipVerify: true,
        }),
    );
    const secret = (value: string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value,
    });
    expect(resources).toEqual([
      {
        type: "pulumi:providers:prefect",
        name: "staging",
        inputs: {
          apiUrl: "http://127.0.0.1:4200/api",
          apiKey: secret("hidden"),
          customHeaders: secret('{"x-team":"data"}'),
          requestTimeoutSeconds: "5",
          insecureSkipVerify: "true",
        },
        id: undefined,
      },
    ]);
  });

  it("is what its resources are registered with", async () => {
    const { resources } = await runProgram(() => {
      const provider = new native.Provider("staging", {});
      new native.WorkPool("etl", { type: "process" }, { provider });
    });
    expect(resources.map((resource) => resource.type)).toEqual(["pulumi:providers:prefect", "prefect:index:WorkPool"]);
  });
});

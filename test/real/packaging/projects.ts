/** The kinds of Node projects that people write Pulumi programs in. */
export interface Project {
  readonly name: string;
  /** Path in the project -> text. */
  readonly files: Readonly<Record<string, string>>;
  /** What node runs, after `compiler` has written it, if there is one. */
  readonly main: string;
  readonly compiler?: "ours" | "pulumi";
}

/** Registers one pool with each entry under Pulumi's mocks, and prints what Pulumi's engine would get. */
const body = `
const registered = [];
const mocks = {
  newResource(args) {
    registered.push([args.type, args.inputs]);
    return { id: args.name, state: args.inputs };
  },
  call: () => ({ queues: [] }),
};
async function main() {
  await pulumi.runtime.setMocks(mocks);
  const image = pulumi.output("flows:1");
  const args = {
    type: "docker",
    concurrencyLimit: 5,
    baseJobTemplate: { job_configuration: {}, variables: { properties: { image: { default: image } } } },
  };
  const pool = new prefect.WorkPool("etl", args);
  new native.WorkPool("etl", args, { provider: new native.Provider("p", { apiUrl: "http://127.0.0.1:1/api" }) });
  const { queues } = await prefect.getWorkQueues({ workPool: "etl" });
  await pulumi.runtime.disconnect();
  registered.sort(([one], [other]) => (one < other ? -1 : 1));
  pool.name.apply((name) => console.log(JSON.stringify({ name, queues, registered })));
}
main();
`;

const typed = body
  .replace("const registered = []", "const registered: [string, unknown][] = []")
  .replace("newResource(args)", "newResource(args: pulumi.runtime.MockResourceArgs)")
  .replace("const args =", "const args: prefect.WorkPoolArgs =");

const imports = `import * as pulumi from "@pulumi/pulumi";
import * as prefect from "prefect-iac";
import * as native from "prefect-iac/native";
`;

const requires = `const pulumi = require("@pulumi/pulumi");
const prefect = require("prefect-iac");
const native = require("prefect-iac/native");
`;

function manifest(type: "module" | "commonjs"): string {
  return JSON.stringify({ name: "program", private: true, type });
}

export const projects: readonly Project[] = [
  {
    name: "JavaScript, ECMAScript modules",
    files: { "package.json": manifest("module"), "index.js": imports + body },
    main: "index.js",
  },
  {
    name: "JavaScript, CommonJS",
    files: { "package.json": manifest("commonjs"), "index.js": requires + body },
    main: "index.js",
  },
  {
    name: "TypeScript, ECMAScript modules, module nodenext",
    files: {
      "package.json": manifest("module"),
      "index.ts": imports + typed,
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", types: ["node"] } }),
    },
    main: "index.js",
    compiler: "ours",
  },
  {
    name: "TypeScript, CommonJS, module nodenext",
    files: {
      "package.json": manifest("commonjs"),
      "index.ts": imports + typed,
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", types: ["node"] } }),
    },
    main: "index.js",
    compiler: "ours",
  },
  {
    // As `pulumi new typescript` writes it.
    name: "TypeScript, CommonJS, moduleResolution node",
    files: {
      "package.json": manifest("commonjs"),
      "index.ts": imports + typed,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2020",
          module: "commonjs",
          moduleResolution: "node",
          ignoreDeprecations: "6.0",
          types: ["node"],
        },
      }),
    },
    main: "index.js",
    compiler: "ours",
  },
  {
    name: "TypeScript with the compiler that Pulumi brings along",
    files: {
      "package.json": manifest("commonjs"),
      "index.ts": imports + typed,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2018",
          module: "commonjs",
          moduleResolution: "node",
          skipLibCheck: true,
        },
      }),
    },
    main: "index.js",
    compiler: "pulumi",
  },
];

/** Statements that must not compile, each on a line of its own, with the compiler's message. */
export const invalidStatements: readonly { what: string; statement: string; message: string }[] = [
  {
    what: "a misspelt field",
    statement: 'new prefect.WorkPool("etl", { type: "process", concurencyLimit: 5 });',
    message: "'concurencyLimit' does not exist in type 'WorkPoolArgs'",
  },
  {
    what: "a missing field",
    statement: 'new prefect.WorkQueue("urgent", {});',
    message: "Property 'workPool' is missing",
  },
  {
    what: "a computed output that is declared",
    statement: 'new prefect.WorkPool("etl", { type: "process", created: "now" });',
    message: "'created' does not exist in type 'WorkPoolArgs'",
  },
  {
    what: "a choice that does not exist",
    statement: 'new prefect.WorkPool("etl", { type: "process", adopt: "sometimes" });',
    message: "Type '\"sometimes\"' is not assignable",
  },
  {
    what: "text in place of a number",
    statement: 'new prefect.GlobalConcurrencyLimit("warehouse", { limit: "10" });',
    message: "Type 'string' is not assignable",
  },
  {
    what: "a number in place of a template",
    statement: 'new prefect.WorkPool("etl", { type: "process", baseJobTemplate: 5 });',
    message: "Type 'number' is not assignable",
  },
];

/** Imports every entry with types, and prints one export of each. */
export const everyEntry = `import * as sdk from "prefect-iac";
import * as native from "prefect-iac/native";
import * as client from "prefect-iac/client";
import * as schema from "prefect-iac/schema";
import * as server from "prefect-iac/server";

const config: client.RawSettings = { apiUrl: "http://127.0.0.1:4200/api" };
const contract: schema.ResourceContract = schema.contracts[0]!;
const start: typeof server.startServer = server.startServer;
console.log(sdk.WorkPool.name, native.Provider.name, client.connect.name, contract.kind, start.name, config.apiUrl);
`;

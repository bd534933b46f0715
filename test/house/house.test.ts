import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { lifecycles } from "../../provider/resources/lifecycles.generated.ts";
import { contracts } from "../../schema/contracts/index.ts";
import type { ResourceContract } from "../../schema/define.ts";
import { kebabCase } from "../../schema/emit/shape.ts";
import { TEMPLATE_RULES } from "../../schema/index.ts";
import { generated } from "../../tools/generated.ts";
import { againstArrows, againstFaces, againstLayers, folderCircles, type Imports } from "./import-rules.ts";

/** Rules of the house that a reader should not have to check by eye. */

const root = join(import.meta.dirname, "..", "..");

/** Packages that only one room may know. */
const owners: readonly { packages: RegExp; rooms: readonly string[] }[] = [
  { packages: /^(fastify|ws|pino)$/, rooms: ["server"] },
  { packages: /^(kysely|pg|node:sqlite)$/, rooms: ["server/store"] },
  { packages: /^undici$/, rooms: ["provider/client"] },
  { packages: /^(@grpc\/grpc-js|google-protobuf)/, rooms: ["provider/pulumi", "provider/terraform"] },
  { packages: /^@pulumi\/pulumi$/, rooms: ["sdk", "examples"] },
  { packages: /^@pulumi\/pulumi\//, rooms: ["provider/pulumi", "sdk"] },
];

/** Files that are long for a reason, each with it. */
const longFiles: Record<string, string> = {};

/** Files that overrule the type checker with a double cast (`as unknown as`) or `as never`, each with what the checker cannot know. */
const overruled: Record<string, string> = {};

const rooms = ["schema", "provider", "sdk", "server", "cli", "examples", "test", "tools"];
const sources = rooms.flatMap((room) => filesBelow(room, /\.(ts|mjs|cjs)$/));
const written = sources.filter((file) => !isGenerated(file));
/** This file quotes what it forbids. */
const checked = written.filter((file) => file !== "test/house/house.test.ts");

const imports: Imports = new Map(sources.map((file) => [file, localImports(file)]));

describe("imports", () => {
  it("follow the arrows between the top folders", () => {
    expect(againstArrows(imports)).toEqual([]);
  });

  it("go from hosts to resources to engine to client, and from routes to domain to store, never back", () => {
    expect(againstLayers(imports)).toEqual([]);
  });

  it("of a folder with a face go through the face", () => {
    expect(againstFaces(imports)).toEqual([]);
  });

  it("make no circle between folders, types included", () => {
    expect(folderCircles(imports)).toEqual([]);
  });

  it("of a package with one home stay in that home", () => {
    const strays = ["schema", "provider", "sdk", "server", "cli", "examples"].flatMap(below).flatMap((file) =>
      packageImports(file)
        .filter((name) =>
          owners.some(({ packages, rooms }) => packages.test(name) && !rooms.some((room) => file.startsWith(room))),
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it("in examples are those that a user's project has", () => {
    const strays = below("examples").flatMap((file) => [
      ...localImports(file).filter((target) => !target.startsWith(dirname(file))),
      ...packageImports(file).filter((name) => !/^(prefect-iac(\/native)?|@pulumi\/pulumi)$/.test(name)),
    ]);
    expect(strays).toEqual([]);
  });
});

describe("every contract", () => {
  it("that a file defines is in the index", async () => {
    const files = filesBelow("schema/contracts", /\.ts$/).filter(
      (file) => !file.endsWith("/index.ts") && !isGenerated(file),
    );
    const modules = await Promise.all(
      files.map((file) => import(join(root, file)) as Promise<Record<string, unknown>>),
    );
    const defined = modules.flatMap((module) => Object.values(module)).filter(isContract);
    expect(defined.map((contract) => contract.kind).sort()).toEqual(contracts.map((contract) => contract.kind).sort());
  });

  it("has a lifecycle", () => {
    expect(lifecycles.map(({ contract }) => contract.kind).sort()).toEqual(
      contracts.map((contract) => contract.kind).sort(),
    );
  });

  it.each(contracts.map((contract) => contract.kind))("has an example in TypeScript and YAML: %s", (kind) => {
    expect(read(`examples/reference/${kebabCase(kind)}.ts`)).toContain(`new prefect.${kind}(`);
    expect(read(`examples/reference/${kebabCase(kind)}.yaml`)).toContain(`type: prefect:${kind}\n`);
  });

  it.each(contracts.map((contract) => contract.kind))("has a page in the reference: %s", (kind) => {
    const pages = filesBelow("docs/reference", /\.md$/).map(read);
    expect(pages.filter((page) => new RegExp(`^#+ ${kind}$`, "m").test(page))).toHaveLength(1);
  });
});

it("template rules that the code names are those in TEMPLATE_RULES", () => {
  const files = [...below("schema"), ...below("provider")].filter(
    (file) => checked.includes(file) && file !== "schema/template/template-rules.ts",
  );
  const named = files.flatMap((file) => [...read(file).matchAll(/"(template\/[a-z-]+)"/g)].map(([, id]) => id));
  expect([...new Set(named)].sort()).toEqual(Object.keys(TEMPLATE_RULES).sort());
});

describe("source files", () => {
  it("do not overrule the type checker outside the listed places", () => {
    const places = checked.filter((file) => usesAny(file) || /@ts-(ignore|expect-error|nocheck)/.test(read(file)));
    expect(places).toEqual([]);
    const casting = checked.filter((file) => !file.startsWith("test/") && /\bas (never|unknown as)\b/.test(code(file)));
    expect(casting).toEqual(Object.keys(overruled).sort());
  });

  it("never decide by the text of a message", () => {
    const matching =
      /\bmessage\??\.(includes|startsWith|endsWith|match|search|indexOf)\(|\.test\([^)]*\bmessage\)|message\s*===\s*["'`][^"'`]/;
    const places = ["schema", "provider", "sdk", "server", "cli", "tools"]
      .flatMap(below)
      .filter((file) => checked.includes(file) && matching.test(read(file)))
      // Narrow on purpose: zod's own texts print what was given, and only ours may pass.
      .filter((file) => file !== "schema/check.ts");
    expect(places).toEqual([]);
  });

  it("of the server build no SQL outside of the store", () => {
    const places = below("server").filter(
      (file) =>
        !file.startsWith("server/store/") && /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(read(file)),
    );
    expect(places).toEqual([]);
  });

  it("of the server read and write users' documents without rounding (server/values/json.ts)", () => {
    const places = ["server/domain", "server/routes", "server/services", "server/sockets"]
      .flatMap(below)
      .filter((file) => /\bJSON\.(parse|stringify)\(/.test(read(file)));
    // What is judged by, and what is our own.
    expect(places.sort()).toEqual(["server/domain/parameters/validators.ts", "server/routes/collections/routes.ts"]);
  });

  it("skip no test, and run none alone", () => {
    const places = checked.filter(
      (file) => file.startsWith("test/") && /\.(skip|only|todo|skipIf|runIf|fails)\b\(/.test(read(file)),
    );
    expect(places).toEqual([]);
  });

  it("of more than 400 lines are listed with a reason", () => {
    const long = written.filter((file) => read(file).split("\n").length > 400);
    expect(long).toEqual(Object.keys(longFiles));
  });

  it("are named after what they hold, in kebab-case, and none is a drawer for everything", () => {
    const odd = written.filter((file) => {
      const name = file.slice(file.lastIndexOf("/") + 1);
      return !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name) || /^(utils?|helpers?|common|misc|manager)\./.test(name);
    });
    expect(odd).toEqual([]);
  });
});

describe("every folder of server/routes", () => {
  const folders = Map.groupBy(
    below("server/routes").filter((file) => file.split("/").length > 3),
    (file) => dirname(file),
  );

  it("holds routes.ts, and besides it only view.ts, *fields.ts, parts of its routes and what its sockets need", () => {
    const odd = [...folders].flatMap(([folder, files]) => {
      const names = files.map((file) => file.slice(folder.length + 1));
      // The worker channel is more than its socket: its messages, and the cleanups that it hands out.
      const sockets = folder === "server/routes/workers" ? ["channel-frames.ts", "cleanup-dispatcher.ts"] : [];
      return [
        ...(names.includes("routes.ts") ? [] : [`${folder} has no routes.ts`]),
        ...names
          .filter((name) => !/^(routes|view|([a-z-]+-)?fields|[a-z-]+-(routes|socket))\.ts$/.test(name))
          .filter((name) => !sockets.includes(name))
          .map((name) => `${folder}/${name}`),
      ];
    });
    expect(odd).toEqual([]);
  });

  it("has its routes in the list of all", () => {
    const listed = localImports("server/routes/index.ts");
    expect([...folders.keys()].filter((folder) => !listed.includes(`${folder}/routes.ts`))).toEqual([]);
  });
});

it("generated files are marked as generated", () => {
  const unmarked = [...generated(root)]
    .filter(([file]) => !file.endsWith(".json"))
    .filter(([, text]) => !/generated/i.test(text.split("\n").slice(0, 3).join("\n")))
    .map(([file]) => file);
  expect(unmarked).toEqual([]);
});

function below(room: string): string[] {
  return sources.filter((file) => file.startsWith(`${room}/`));
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** A file without its comments and texts. */
function code(file: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, read(file));
  const tokens: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    tokens.push(token === ts.SyntaxKind.StringLiteral ? '""' : scanner.getTokenText());
  }
  return tokens.join(" ");
}

function isGenerated(file: string): boolean {
  return file.includes("/generated/") || file.includes(".generated.");
}

function isContract(value: unknown): value is ResourceContract {
  return typeof value === "object" && value !== null && "naturalKey" in value && "kind" in value;
}

/** Paths from the root, with `/`, sorted; installed packages and build output left out. */
function filesBelow(folder: string, pattern: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !/(^|\/)(node_modules|dist|fixtures)\//.test(file))
    .sort();
}

function importedBy(file: string): string[] {
  // In an example, `config.require("…")` is no import.
  return ts
    .preProcessFile(read(file), true, !file.startsWith("examples/"))
    .importedFiles.map((imported) => imported.fileName);
}

function usesAny(file: string): boolean {
  const seen = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.AnyKeyword || ts.forEachChild(node, seen) === true;
  return seen(ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext));
}

function localImports(file: string): string[] {
  return importedBy(file)
    .filter((name) => name.startsWith("."))
    .map((name) =>
      relative(root, join(root, dirname(file), name))
        .split(sep)
        .join("/"),
    );
}

function packageImports(file: string): string[] {
  return importedBy(file).filter((name) => !name.startsWith("."));
}

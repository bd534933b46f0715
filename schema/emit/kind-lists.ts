import { kebabCase } from "./shape.ts";

/** The generated lists that import each kind's contract and lifecycle, by file. They follow from the names of the kinds alone, so that
 *  they can be written before anything imports them. */
export function emitKindLists(kinds: readonly string[]): Map<string, string> {
  return new Map([
    [
      "schema/contracts/contracts.generated.ts",
      list(kinds, {
        type: 'import type { ResourceContract } from "../define.ts";',
        declaration: `/** Every resource, in the order of the documentation. */\nexport const contracts: readonly ResourceContract[]`,
        reexport: true,
      }),
    ],
    [
      "provider/resources/lifecycles.generated.ts",
      list(kinds, {
        type: 'import type { Lifecycle } from "../engine/lifecycle.ts";',
        declaration: "export const lifecycles: readonly Lifecycle[]",
        reexport: false,
      }),
    ],
  ]);
}

function list(
  kinds: readonly string[],
  { type, declaration, reexport }: { type: string; declaration: string; reexport: boolean },
): string {
  const names = kinds.map(camelCase);
  return [
    "// Generated from schema/contracts/kinds.ts by `npm run gen`. Do not edit.",
    type,
    ...kinds.map((kind) => `import { ${camelCase(kind)} } from "./${kebabCase(kind)}.ts";`),
    "",
    ...(reexport ? [`export { ${names.join(", ")} };`, ""] : []),
    `${declaration} = [${names.join(", ")}];`,
    "",
  ].join("\n");
}

function camelCase(kind: string): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}

/** The hand-written files that a kind has, each with what it is for. */
export function kindFiles(kind: string): { file: string; why: string }[] {
  const name = kebabCase(kind);
  return [
    { file: `schema/contracts/${name}.ts`, why: `it exports ${camelCase(kind)}, the contract of ${kind}` },
    { file: `provider/resources/${name}.ts`, why: `it exports ${camelCase(kind)}, the lifecycle of ${kind}` },
    { file: `examples/reference/${name}.ts`, why: `it is the TypeScript example of ${kind}` },
    { file: `examples/reference/${name}.yaml`, why: `it is the YAML example of ${kind}` },
  ];
}

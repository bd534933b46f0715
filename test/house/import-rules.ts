import { dirname } from "node:path";

/** What imports what: a file's path from the root -> the paths of the files it imports, types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Layers, the lowest first: none imports from one above it (server: docs/decisions/0004). */
export const layers: readonly (readonly string[])[] = [
  ["provider/client/settings", "provider/client/transport", "provider/client/errors", "provider/client/calls"],
  ["provider/client", "provider/engine", "provider/resources", "provider/pulumi"],
  ["provider/client", "provider/engine", "provider/resources", "provider/terraform"],
  [
    "server/values",
    "server/runtime",
    "server/store",
    "server/domain",
    "server/services",
    "server/http",
    "server/sockets",
    "server/routes",
  ],
];

/** What each top-level folder may import from besides itself. `cli`, `examples`, `test` and `tools` see everything. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  provider: ["schema"],
  sdk: ["schema", "provider"],
  server: ["schema"],
};

/** Folders of which only `index.ts` may be imported from outside, except by tests. */
export const faces: readonly string[] = ["schema/template/json-schema"];

/** Imports against `arrows`, each as `file imports target`. */
export function againstArrows(imports: Imports): string[] {
  return found(imports, (file, target) => {
    const allowed = arrows[top(file)];
    return allowed !== undefined && ![top(file), ...allowed, "package.json"].includes(top(target));
  });
}

/** Imports from a lower layer into a higher one. */
export function againstLayers(imports: Imports): string[] {
  return found(imports, (file, target) =>
    layers.some((order) => {
      const from = order.findIndex((layer) => file.startsWith(`${layer}/`));
      const to = order.findIndex((layer) => target.startsWith(`${layer}/`));
      return from !== -1 && to > from;
    }),
  );
}

/** Imports from outside into a folder with a face, past the face. */
export function againstFaces(imports: Imports): string[] {
  return found(imports, (file, target) =>
    faces.some(
      (folder) =>
        target.startsWith(`${folder}/`) &&
        target !== `${folder}/index.ts` &&
        !file.startsWith(`${folder}/`) &&
        top(file) !== "test",
    ),
  );
}

/** Circles between folders: in each folder, its sub-folders (with all below them) and files must not import each other in a circle that a
 *  sub-folder is part of. Each circle as the sorted list of its members. */
export function folderCircles(imports: Imports): string[][] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const [file, targets] of imports) {
    for (const target of targets) {
      const [parent, from, to] = siblings(file, target);
      if (from === to) continue;
      const graph = graphs.get(parent) ?? new Map<string, Set<string>>();
      graphs.set(parent, graph);
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return [...graphs.values()].flatMap(circlesOf).filter((circle) => circle.some((member) => !isFile(member)));
}

/** The folder that holds both files, and what of it leads to the one and to the other. */
function siblings(file: string, target: string): [parent: string, from: string, to: string] {
  const [one, other] = [file.split("/"), target.split("/")];
  let shared = 0;
  while (shared < Math.min(one.length, other.length) - 1 && one[shared] === other[shared]) shared++;
  const member = (steps: string[]) => steps.slice(0, shared + 1).join("/");
  return [one.slice(0, shared).join("/"), member(one), member(other)];
}

/** Strongly connected members of a graph, where they are more than one. */
function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of graph.get(node) ?? []) {
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
    return seen;
  };
  const reachable = new Map([...graph.keys()].map((node) => [node, reach(node)]));
  const inCircle = [...graph.keys()].filter((node) => reachable.get(node)?.has(node));
  const circles = inCircle.map((node) =>
    inCircle.filter((other) => reachable.get(node)?.has(other) && reachable.get(other)?.has(node)).sort(),
  );
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

function isFile(path: string): boolean {
  return /\.\w+$/.test(path);
}

function found(imports: Imports, wrong: (file: string, target: string) => boolean): string[] {
  return [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => wrong(file, target)).map((target) => `${file} imports ${target}`),
  );
}

function top(file: string): string {
  return file.split("/")[0] ?? dirname(file);
}

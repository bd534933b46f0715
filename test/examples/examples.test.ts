import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** What every example folder has. That the programs work is shown with the real CLI (test/real/pulumi/examples.test.ts). */

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "examples");
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "reference")
  .map((entry) => entry.name);

describe.each(examples)("examples/%s", (example) => {
  const read = (...path: string[]) => readFileSync(join(folder, example, ...path), "utf8");

  it("says what it is and how to run it", () => {
    expect(read("README.md")).toMatch(/^# .+\n\n[A-Z]/);
    expect(read("README.md")).toContain("pulumi up");
  });

  it.each(["typescript", "yaml"])(
    "has a %s project that is called like its folder and has a stack to start with",
    (language) => {
      expect(read(language, "Pulumi.yaml")).toMatch(new RegExp(`^name: ${example}$`, "m"));
      expect(read(language, "Pulumi.dev.yaml")).toMatch(/^ {2}prefect:apiUrl: http:\/\/127\.0\.0\.1:4200\/api$/m);
    },
  );

  it("has a TypeScript project that asks for this version of the package", () => {
    const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const project = JSON.parse(read("typescript", "package.json")) as {
      name: string;
      dependencies: Record<string, string>;
    };
    expect(project.name).toBe(example);
    expect(project.dependencies["prefect-iac"]).toBe(`^${own.version}`);
    expect(existsSync(join(folder, example, "typescript", "tsconfig.json"))).toBe(true);
  });

  it("sets, in every stack, the configuration that its programs require", () => {
    const program = read("typescript", "index.ts");
    const required = [...program.matchAll(/config\.require\w*(?:<[^>]+>)?\("(\w+)"\)/g)].map(
      (match) => `${example}:${match[1]}`,
    );
    const stacks = readdirSync(join(folder, example, "typescript")).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    for (const stack of stacks) {
      const set = [...read("typescript", stack).matchAll(/^ {2}([\w-]+:\w+):/gm)].map((match) => match[1]);
      expect(set, stack).toEqual(expect.arrayContaining(required));
    }
  });

  it("is named in no other words than the house allows", () => {
    expect(example).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

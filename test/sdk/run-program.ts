import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  inputs: { [key: string]: unknown };
  /** Set for a resource that is only read. */
  id: string | undefined;
}

/** Runs a program against Pulumi's mocks, and returns its result, the resources it registered and the functions it called. Each
 *  resource has the output `created`, with the value `<name>.created`. */
export async function runProgram<T>(
  program: () => T,
  results: { [token: string]: { [key: string]: unknown } } = {},
  preview = false,
): Promise<{ result: T; resources: Registered[]; calls: pulumi.runtime.MockCallArgs[] }> {
  const resources: Registered[] = [];
  const calls: pulumi.runtime.MockCallArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, id }) {
        resources.push({ type, name, inputs, id: id === "" ? undefined : id });
        // A resource to be created has no id in a preview.
        return { id: id || (preview ? "" : `id of ${name}`), state: { ...inputs, created: `${name}.created` } };
      },
      call(args) {
        calls.push(args);
        return results[args.token] ?? {};
      },
    },
    "project",
    "stack",
    preview,
  );
  const result = program();
  await pulumi.runtime.disconnect();
  return { result, resources, calls };
}

/** The value of an output. Never settles for an unknown one. */
export function valueIn<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

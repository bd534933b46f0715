import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  inputs: { [key: string]: unknown };
  /** Set for a resource that is only read. */
  id: string | undefined;
}

/** Runs a piece of a program with Pulumi's own test double of the engine, and says what it registered and called. Facts come
 *  back as `<kind>.<fact>`. */
export async function registered<T>(
  program: () => T,
  answers: { [token: string]: { [key: string]: unknown } } = {},
  preview = false,
): Promise<{ made: T; resources: Registered[]; calls: pulumi.runtime.MockCallArgs[] }> {
  const resources: Registered[] = [];
  const calls: pulumi.runtime.MockCallArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, id }) {
        resources.push({ type, name, inputs, id: id === "" ? undefined : id });
        // What is still to be made has no id in a preview.
        return { id: id || (preview ? "" : `id of ${name}`), state: { ...inputs, created: `${name}.created` } };
      },
      call(args) {
        calls.push(args);
        return answers[args.token] ?? {};
      },
    },
    "project",
    "stack",
    preview,
  );
  const made = program();
  await pulumi.runtime.disconnect();
  return { made, resources, calls };
}

/** The value of an output; unknown ones never come. */
export function valueIn<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

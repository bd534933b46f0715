import { createRequire } from "node:module";
import { join } from "node:path";

/** What `npm run test:real` has prepared. */
export const setup = {
  /** The folder of the Pulumi CLI. */
  pulumi: variable("PREFECT_IAC_PULUMI"),
  /** A project with the packed package installed, as a user has it. */
  project: variable("PREFECT_IAC_PROJECT"),
  /** The packed package. */
  tarball: variable("PREFECT_IAC_TARBALL"),
  /** The API of a real Prefect server. */
  realUrl: variable("PREFECT_IAC_REAL_URL"),
  /** The Python environment with the pinned Prefect. */
  prefect: { python: variable("PREFECT_IAC_PREFECT_PYTHON"), version: variable("PREFECT_IAC_PREFECT_VERSION") },
};

/** Loads a module as the user's project would. */
export function requireFromProject<Module>(name: string): Module {
  return createRequire(join(setup.project, "program.cjs"))(name) as Module;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with npm run test:real`);
  return value;
}

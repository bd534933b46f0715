import { changeVariable, findVariable, removeVariable } from "../../domain/variables.ts";
import { model } from "../../http/request/body.ts";
import { type PathParameters, type Route, route } from "../../http/route.ts";
import type { VariableKey } from "../../store/queries/variables.ts";
import { tags, variableName, variableValue } from "./fields.ts";
import { presentVariable, variableView } from "./view.ts";

/** Upstream takes null for name and tags, and then runs into its own columns. A null value is a value. */
const changes = model({ name: variableName().optional(), value: variableValue().optional(), tags: tags.optional() });

/** Reading, changing and deleting one variable: the same three routes by id and by name. */
function routesBy<P extends string>(
  path: P,
  by: "" | " By Name",
  key: (params: PathParameters<P>) => VariableKey,
): Route[] {
  return [
    route({
      method: "GET",
      path,
      summary: `Read Variable${by}`,
      responses: { 200: variableView },
      async handle({ params }, { store }) {
        return { status: 200, body: presentVariable(await findVariable(store.db, key(params))) };
      },
    }),
    route({
      method: "PATCH",
      path,
      summary: `Update Variable${by}`,
      body: changes,
      responses: { 204: null },
      async handle({ params, body }, context) {
        await changeVariable(context, key(params), body);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path,
      summary: `Delete Variable${by}`,
      responses: { 204: null },
      async handle({ params }, context) {
        await removeVariable(context, key(params));
        return { status: 204 };
      },
    }),
  ];
}

export const variableByKeyRoutes = [
  ...routesBy("/variables/{id:uuid}", "", ({ id }) => ({ id })),
  ...routesBy("/variables/name/{name}", " By Name", ({ name }) => ({ name })),
];

import { changeVariable, createVariable, findVariable, removeVariable } from "../../domain/variables.ts";
import { model } from "../../http/request/body.ts";
import { oneOf } from "../../http/request/request-types.ts";
import { type PathParameters, type Route, route } from "../../http/route.ts";
import { countVariables, listVariables, type VariableKey } from "../../store/queries/variables.ts";
import { variableFilter } from "../filters.ts";
import { listRoutes } from "../list-routes.ts";
import { tags, variableName, variableValue } from "./fields.ts";
import { presentVariable, variableView } from "./view.ts";

/** Upstream accepts null for name and tags, and then fails in its own columns. A null value is a value. */
const changes = model({ name: variableName().optional(), value: variableValue().optional(), tags: tags.optional() });

export const variableRoutes = [
  route({
    method: "POST",
    path: "/variables/",
    summary: "Create Variable",
    body: model({ name: variableName(), value: variableValue(), tags: tags.default([]) }),
    responses: { 201: variableView },
    async handle({ body }, context) {
      return { status: 201, body: presentVariable(await createVariable(context, body)) };
    },
  }),
  ...listRoutes({
    path: "/variables",
    title: "Variables",
    filters: { variables: variableFilter.optional() },
    options: { sort: oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_DESC", "NAME_ASC").default("NAME_ASC") },
    list: (db, { variables = {} }, { sort }, page) => listVariables(db, variables, sort, page),
    count: (db, { variables = {} }) => countVariables(db, variables),
    view: variableView,
    present: (rows) => rows.map(presentVariable),
  }),
  ...routesByKey("/variables/{id:uuid}", "", ({ id }) => ({ id })),
  ...routesByKey("/variables/name/{name}", " By Name", ({ name }) => ({ name })),
];

/** The routes of one variable: the same by id and by name. */
function routesByKey<P extends string>(
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
